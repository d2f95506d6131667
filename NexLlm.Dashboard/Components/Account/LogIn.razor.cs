using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Accounts.LogIn;
using NexLlm.Dashboard.Accounts.SignUp;

namespace NexLlm.Dashboard.Components.Account;

public sealed partial class LogIn(LogInService logins, KnownBrowsers browsers, SignUpService signUp, IOptions<AccountsOptions> options)
{
    [SupplyParameterFromQuery]
    private string? ReturnUrl { get; set; }

    [SupplyParameterFromForm(FormName = "log-in")]
    private Credentials? Entry { get; set; }

    private SignUpService SignUp => signUp;

    private bool TakesPasswords => options.Value.PasswordLogIn is PasswordLogIn.On;

    private string RegisterUrl => $"{Root}/account/register?returnUrl={Uri.EscapeDataString(LocalUrl.OrHome(ReturnUrl))}";

    protected override void OnInitialized()
    {
        Entry ??= new Credentials();
        if (IsLoggedIn && HttpMethods.IsGet(Http.Request.Method))
        {
            GoTo(ReturnUrl);
        }
    }

    private async Task LogInAsync()
    {
        var email = Entry!.Email ?? "";
        var request = new LogInRequest(email, Entry.Password ?? "", browsers.CookieOf(Http, email), UserAgent);
        switch (await logins.LogInAsync(Actor, request, Http.RequestAborted))
        {
            case LogInOutcome.LoggedIn(var login):
                await EnterAsync(login, ReturnUrl);
                break;
            case LogInOutcome.Disabled:
                Fail(StatusCodes.Status403Forbidden, "This account is disabled. Ask an administrator.");
                break;
            case LogInOutcome.PasswordsOff:
                Fail(StatusCodes.Status403Forbidden, "Password login is turned off. Log in with single sign-on or a passkey.");
                break;
            case LogInOutcome.TooMany(var retryAfter):
                FailTooMany(retryAfter, "Too many attempts.", ", or use a browser you've logged in with before");
                break;
            default:
                Fail(StatusCodes.Status400BadRequest, "Incorrect email or password.");
                break;
        }
    }

    private sealed class Credentials
    {
        public string? Email { get; set; }

        public string? Password { get; set; }
    }
}
