using System.CommandLine;
using NexLlm.Dashboard.Audit;

namespace NexLlm.Dashboard.Accounts;

/// <summary>
/// <c>set-password --account EMAIL</c>: a new password for somebody who forgot theirs, since nothing is mailed. It is read from
/// the standard input: arguments are seen by every user of the machine.
/// </summary>
internal sealed class SetPasswordCommand : Command
{
    private readonly Option<string> _email = new("--account") { Description = "The account's e-mail address.", Required = true };
    private readonly AccountService _accounts;

    public SetPasswordCommand(AccountService accounts)
        : base("set-password", "Sets the password of an account to the line read from the standard input, and ends all its logins.")
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
            await Console.Out.WriteAsync("New password (it is shown): ");
        }

        var password = await Console.In.ReadLineAsync(cancellation);
        switch (await _accounts.SetPasswordAsync(Actor.Machine, email, password, cancellation))
        {
            case SetPasswordOutcome.Done(var changed, var ended):
                await Console.Out.WriteLineAsync($"{changed} has a new password; {ended} logins have ended.");
                return 0;
            case SetPasswordOutcome.Invalid(var error):
                await Console.Error.WriteLineAsync(error);
                return 1;
            default:
                await Console.Error.WriteLineAsync($"There is no account {email}.");
                return 1;
        }
    }
}
