using System.CommandLine;
using System.Globalization;
using NexLlm.Dashboard.Accounts.Administration;
using NexLlm.Dashboard.Audit;

namespace NexLlm.Dashboard.Accounts;

/// <summary><c>grant --account EMAIL --tokens N</c>: more overall quota for an account, beside a running server or without one.</summary>
internal sealed class GrantCommand : Command
{
    private readonly Option<string> _email = new("--account") { Description = "The account's e-mail address.", Required = true };
    private readonly Option<long> _tokens = new("--tokens") { Description = "How many tokens more.", Required = true };
    private readonly AccountQuotas _quotas;

    public GrantCommand(AccountQuotas quotas)
        : base("grant", "Adds to the overall quota of an account.")
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
                    CultureInfo.InvariantCulture, $"{granted} has an overall quota of {limit:N0} tokens now, {used:N0} of them used."));
                return 0;
            case QuotaOutcome.AlreadyUnlimited(var unlimited):
                await Console.Out.WriteLineAsync($"{unlimited} is unlimited already; nothing was changed.");
                return 0;
            case QuotaOutcome.OutOfRange(var most):
                await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"--tokens takes a whole number from 1 to {most}."));
                return 1;
            default:
                await Console.Error.WriteLineAsync($"There is no account {email}. Its owner signs up first.");
                return 1;
        }
    }
}
