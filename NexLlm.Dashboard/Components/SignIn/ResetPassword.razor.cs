using NexLlm.Dashboard.Accounts.SignUp;
using NexLlm.Dashboard.Accounts.Recovery;
using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Accounts.Passwords;

namespace NexLlm.Dashboard.Components.SignIn;

public sealed partial class ResetPassword(PasswordResets resets)
{
    private string? _email;
    private string? _error;

    [SupplyParameterFromQuery]
    private string? Token { get; set; }

    [SupplyParameterFromForm(FormName = "reset")]
    private NewPassword? Entry { get; set; }

    protected override async Task OnInitializedAsync()
    {
        Entry ??= new NewPassword { Token = Token };
        _email = await resets.FindAsync(Entry.Token, Http.RequestAborted);
        if (_email is null)
        {
            Fail(StatusCodes.Status403Forbidden);
        }
    }

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
                _error = error;
                Fail(StatusCodes.Status400BadRequest);
                break;
            case PasswordResetOutcome.TooMany(var retryAfter):
                FailTooMany(retryAfter, "Too many attempts from your network.");
                break;
            default:
                _email = null;
                Fail(StatusCodes.Status403Forbidden);
                break;
        }
    }

    private sealed class NewPassword
    {
        public string? Token { get; set; }

        public string? Password { get; set; }
    }
}
