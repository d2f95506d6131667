using System.CommandLine;
using NexLlm.Dashboard.Access;

namespace NexLlm.Dashboard.Accounts.Profile;

/// <summary>
/// <c>set-password --account EMAIL</c>: sets a new password for someone who forgot theirs, since no email is sent. The password is read
/// from standard input, because command-line arguments are visible to all users of the machine.
/// </summary>
internal sealed class SetPasswordCommand : Command
{
    private readonly Option<string> _email = new("--account") { Description = "Email of the account.", Required = true };
    private readonly AccountService _accounts;

    public SetPasswordCommand(AccountService accounts)
        : base("set-password", "Set an account's password, read from standard input, and end all its sessions.")
    {
        _accounts = accounts;
        Options.Add(_email);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        var email = arguments.GetRequiredValue(_email);
        if (!Console.IsInputRedirected)
        {
            await Console.Out.WriteAsync("New password (visible as you type): ");
        }

        var password = await Console.In.ReadLineAsync(cancellation);
        switch (await _accounts.SetPasswordAsync(Actor.Machine, email, password, cancellation))
        {
            case SetPasswordOutcome.Done(var changed, var ended):
                await Console.Out.WriteLineAsync($"{changed}: password changed, {ended} {(ended == 1 ? "session" : "sessions")} ended");
                return 0;
            case SetPasswordOutcome.Invalid(var error):
                await Console.Error.WriteLineAsync(error);
                return 1;
            default:
                await Console.Error.WriteLineAsync($"Account not found: {email}.");
                return 1;
        }
    }
}
