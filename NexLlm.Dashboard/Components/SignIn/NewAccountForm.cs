using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Accounts.SignUp;
using NexLlm.Dashboard.Components.Urls;

namespace NexLlm.Dashboard.Components.SignIn;

/// <summary>A form that creates an account.</summary>
public abstract class NewAccountForm : AccountForm
{
    protected NewAccountOutcome.Invalid? Errors { get; private set; }

    protected async Task AnswerAsync(NewAccountOutcome outcome, string? returnUrl)
    {
        switch (outcome)
        {
            case NewAccountOutcome.Created { Login: { } login }:
                // A new user has no data to review yet, so start with the keys.
                await EnterAsync(login, LocalUrl.OrHome(returnUrl) is LocalUrl.Home ? "/" + PageUrls.Keys() : returnUrl);
                break;
            case NewAccountOutcome.Invalid invalid:
                Errors = invalid;
                Fail(StatusCodes.Status400BadRequest);
                break;
            case NewAccountOutcome.TooMany(var retryAfter):
                FailTooMany(retryAfter);
                break;
            default:
                Fail(StatusCodes.Status403Forbidden);
                break;
        }
    }

    protected sealed class NewAccountEntry
    {
        public string? Email { get; set; }

        public string? Password { get; set; }

        /// <summary>The token of the set-up link.</summary>
        public string? Token { get; set; }
    }
}
