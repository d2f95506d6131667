using System.CommandLine;
using NexLlm.Dashboard.Access;

namespace NexLlm.Dashboard.Accounts.Administration;

/// <summary>
/// <c>reset-factors --account EMAIL</c>: helps someone, possibly the only administrator, who lost the phone and the recovery codes.
/// </summary>
internal sealed class ResetFactorsCommand : Command
{
    private readonly Option<string> _email = new("--account") { Description = "Email of the account.", Required = true };
    private readonly AccountFactors _factors;

    public ResetFactorsCommand(AccountFactors factors)
        : base("reset-factors", "Remove an account's two-step verification and passkeys, and end all its sessions.")
    {
        _factors = factors;
        Options.Add(_email);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        var email = arguments.GetRequiredValue(_email);
        switch (await _factors.ResetAsync(Actor.Machine, email, cancellation))
        {
            case FactorResetOutcome.Done(var reset, var ended):
                await Console.Out.WriteLineAsync(
                    $"{reset}: two-step verification and passkeys removed, {ended} {(ended == 1 ? "session" : "sessions")} ended. The password is unchanged.");
                return 0;
            case FactorResetOutcome.None(var without):
                await Console.Out.WriteLineAsync($"{without}: has no two-step verification and no passkeys. Nothing changed.");
                return 0;
            default:
                await Console.Error.WriteLineAsync($"Account not found: {email}.");
                return 1;
        }
    }
}
