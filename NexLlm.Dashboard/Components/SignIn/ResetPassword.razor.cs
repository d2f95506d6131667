using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Accounts.Recovery;

namespace NexLlm.Dashboard.Components.SignIn;

public sealed partial class ResetPassword(PasswordResets resets)
{
    /// <summary>The email of the account whose password is reset.</summary>
    protected override Task<string?> FindAsync(string? token) => resets.FindAsync(token, Http.RequestAborted);

    private async Task ResetAsync()
    {
        switch (await resets.ResetAsync(Actor, Entry!.Token, Entry.Password, UserAgent, Http.RequestAborted))
        {
            case PasswordResetOutcome.Done(var login):
                await EnterAsync(login, LocalUrl.Home);
                break;
            case PasswordResetOutcome.SecondFactorNeeded(var account):
                await AskSecondFactorAsync(account, LocalUrl.Home);
                break;
            case PasswordResetOutcome.Invalid(var error):
                RejectPassword(error);
                break;
            case PasswordResetOutcome.TooMany(var retryAfter):
                FailTooMany(retryAfter);
                break;
            default:
                RejectLink();
                break;
        }
    }
}
