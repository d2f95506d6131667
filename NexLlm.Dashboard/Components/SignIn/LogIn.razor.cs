using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Accounts.LogIn;
using NexLlm.Dashboard.Accounts.Passkeys;
using NexLlm.Dashboard.Accounts.Sessions;
using NexLlm.Dashboard.Accounts.SignUp;

namespace NexLlm.Dashboard.Components.SignIn;

/// <summary>
/// Asks for the email, then the password, in the same way for everyone, so that strangers can't find out who has an account.
/// Posting both logs in immediately. A passkey needs neither.
/// </summary>
public sealed partial class LogIn(
    LogInService logins, PasskeyLogIn passkeys, KnownBrowsers browsers, SignUpService signUp, LegacyCookies former, IOptions<AccountsOptions> options)
{
    private bool _wasUpgraded;
    private bool _asksPassword;
    private string? _emailError;

    [SupplyParameterFromQuery]
    private string? ReturnUrl { get; set; }

    [SupplyParameterFromForm(FormName = "log-in")]
    private Credentials? Entry { get; set; }

    /// <summary>The response signed by the browser's authenticator.</summary>
    [SupplyParameterFromForm(FormName = "passkey")]
    private string? Credential { get; set; }

    private SignUpService SignUp => signUp;

    private PasskeyObstacle? Obstacle => PasskeyAddress.ObstacleAt(Http.Request);

    private bool TakesPasswords => options.Value.PasswordLogIn is PasswordLogIn.On;

    private string Url => $"{Root}{SessionCookie.LogInPath}{Return}";

    private string RegisterUrl => $"{Root}/account/register{Return}";

    private string Return => $"?returnUrl={Uri.EscapeDataString(LocalUrl.OrHome(ReturnUrl))}";

    protected override async Task OnInitializedAsync()
    {
        Entry ??= new Credentials();
        if (!HttpMethods.IsGet(Http.Request.Method))
        {
            return;
        }

        if (IsLoggedIn)
        {
            GoTo(ReturnUrl);
        }
        else
        {
            _wasUpgraded = await former.TakeAsync(Http);
        }
    }

    private async Task LogInAsync()
    {
        var email = Entry!.Email ?? "";
        _asksPassword = Http.Request.Form.ContainsKey("Entry.Password") || !string.IsNullOrWhiteSpace(email);
        if (!_asksPassword)
        {
            _emailError = "Enter your email address.";
            Fail(StatusCodes.Status400BadRequest);
        }
        else if (Http.Request.Form.ContainsKey("Entry.Password"))
        {
            var request = new LogInRequest(email, Entry.Password ?? "", browsers.CookieOf(Http, email), UserAgent, await SignIn.FindRememberedAsync());
            await AnswerAsync(
                await logins.LogInAsync(Actor, request, Http.RequestAborted),
                "Incorrect email or password.", ", or use a browser you've logged in with before");
        }
    }

    private async Task LogInByPasskeyAsync() =>
        await AnswerAsync(await passkeys.LogInAsync(Actor, Credential, UserAgent, Http.RequestAborted), "This passkey didn't work. Try again, or log in with your password.");

    private async Task AnswerAsync(LogInOutcome outcome, string refused, string alternative = "")
    {
        switch (outcome)
        {
            case LogInOutcome.LoggedIn(var login):
                await EnterAsync(login, ReturnUrl);
                break;
            case LogInOutcome.SecondFactorNeeded(var account):
                await AskSecondFactorAsync(account, ReturnUrl);
                break;
            case LogInOutcome.Disabled:
                Fail(StatusCodes.Status403Forbidden, "This account is disabled. Ask an administrator.");
                break;
            case LogInOutcome.PasswordsOff:
                Fail(StatusCodes.Status403Forbidden, "Password login is turned off. Log in with single sign-on or a passkey.");
                break;
            case LogInOutcome.TooMany(var retryAfter):
                FailTooMany(retryAfter, "Too many attempts.", alternative);
                break;
            default:
                Fail(StatusCodes.Status400BadRequest, refused);
                break;
        }
    }

    private sealed class Credentials
    {
        public string? Email { get; set; }

        public string? Password { get; set; }
    }
}
