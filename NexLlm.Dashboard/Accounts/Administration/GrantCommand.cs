using System.CommandLine;
using System.Globalization;
using NexLlm.Dashboard.Access;

namespace NexLlm.Dashboard.Accounts.Administration;

/// <summary><c>grant --account EMAIL --tokens N</c>: adds overall quota to an account, with or without a running server.</summary>
internal sealed class GrantCommand : Command
{
    private readonly Option<string> _email = new("--account") { Description = "Email of the account.", Required = true };
    private readonly Option<long> _tokens = new("--tokens") { Description = "Number of tokens to add.", Required = true };
    private readonly AccountQuotas _quotas;

    public GrantCommand(AccountQuotas quotas)
        : base("grant", "Add tokens to an account's overall quota.")
    {
        _quotas = quotas;
        Options.Add(_email);
        Options.Add(_tokens);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        var email = arguments.GetRequiredValue(_email);
        switch (await _quotas.GrantAsync(Actor.Machine, email, arguments.GetRequiredValue(_tokens), cancellation))
        {
            case QuotaOutcome.Changed(var granted, var limit, var used):
                await Console.Out.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture, $"{granted}: overall quota {limit:N0} tokens ({used:N0} used)"));
                return 0;
            case QuotaOutcome.AlreadyUnlimited(var unlimited):
                await Console.Out.WriteLineAsync($"{unlimited}: overall quota is already unlimited. Nothing changed.");
                return 0;
            case QuotaOutcome.OutOfRange(var most):
                await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"--tokens must be a whole number from 1 to {most}."));
                return 1;
            default:
                await Console.Error.WriteLineAsync($"Account not found: {email}. The person has to sign up first.");
                return 1;
        }
    }
}
