using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.SignUp;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Demo;

/// <summary>
/// <c>demo-data --keys N</c>: fills an account with sample keys. Charges bypass the
/// ledger because only one process may assign ledger numbers.
/// </summary>
internal sealed class DemoCommand : Command, IRunsAlone
{
    private const string DemoEmail = "demo@example.com";
    private const int MostKeys = 5_000_000;

    private readonly Option<int> _keys = new("--keys") { Description = $"Number of keys, 1 to {MostKeys}.", Required = true };
    private readonly Option<string> _email = new("--account") { Description = $"Owner account. Default: {DemoEmail} (created if missing)." };
    private readonly Option<bool> _force = new("--force") { Description = "Add demo keys even if the database has real ones." };

    private readonly DemoData _data;
    private readonly AccountCreation _accounts;
    private readonly IDbContextFactory<NexLlmDbContext> _contexts;

    public DemoCommand(DemoData data, AccountCreation accounts, IDbContextFactory<NexLlmDbContext> contexts)
        : base("demo-data", "Fill an account with demo keys of every kind. Stop the server first.")
    {
        _data = data;
        _accounts = accounts;
        _contexts = contexts;
        _keys.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > MostKeys)
            {
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"--keys must be a whole number from 1 to {MostKeys}."));
            }
        });
        Options.Add(_keys);
        Options.Add(_email);
        Options.Add(_force);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        if (!arguments.GetValue(_force) && await _data.HoldsRealKeysAsync(cancellation))
        {
            await Console.Error.WriteLineAsync("This database has real keys. Use another database, or --force to add demo keys anyway.");
            return 1;
        }

        var email = arguments.GetValue(_email) ?? DemoEmail;
        if (await AccountAsync(email, mayCreate: arguments.GetValue(_email) is null, cancellation) is not { } account)
        {
            await Console.Error.WriteLineAsync($"Account not found: {email}. Sign up first, or omit --account to use {DemoEmail}.");
            return 1;
        }

        var keys = arguments.GetValue(_keys);
        await _data.FillAsync(account, keys, seed: 1, new ConsoleProgress(keys), cancellation);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Added {keys:N0} keys to {email}"));
        return 0;
    }

    private async Task<long?> AccountAsync(string email, bool mayCreate, CancellationToken cancellation)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        var normalized = email.ToUpperInvariant();
        var found = await db.Users.Where(a => a.NormalizedEmail == normalized).Select(a => (long?)a.Id).SingleOrDefaultAsync(cancellation);
        if (found is not null || !mayCreate)
        {
            return found;
        }

        var password = RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 24);
        var outcome = await _accounts.CreateAsync(
            Actor.Machine, new NewAccount(email, password), tokenLimit: null, role: null, emailConfirmed: true, (_, _) => Task.FromResult<NewAccountOutcome?>(null), cancellation);
        if (outcome is not NewAccountOutcome.Created(var id, _))
        {
            throw new InvalidOperationException($"Couldn't create the demo account: {outcome}");
        }

        Console.WriteLine($"Created account {email} with password {password}");
        return id;
    }

    /// <summary>Updates one console line in place. When the output is redirected, writes one line per 10%.</summary>
    private sealed class ConsoleProgress(int total) : IProgress<int>
    {
        private int _tenth;

        public void Report(int value)
        {
            var line = string.Create(CultureInfo.InvariantCulture, $"{value:N0} of {total:N0} keys");
            if (!Console.IsOutputRedirected)
            {
                Console.Write($"\r{line}{(value == total ? Environment.NewLine : "")}");
            }
            else if ((long)value * 10 / total is var tenth && tenth > _tenth)
            {
                _tenth = (int)tenth;
                Console.WriteLine(line);
            }
        }
    }
}
