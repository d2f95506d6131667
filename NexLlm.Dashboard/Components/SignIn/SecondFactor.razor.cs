using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Accounts.Identity;
using NexLlm.Dashboard.Accounts.LogIn;
using NexLlm.Dashboard.Accounts.Sessions;
using NexLlm.Dashboard.Components.Urls;

namespace NexLlm.Dashboard.Components.SignIn;

/// <summary>The second step of logging in, after the password.</summary>
public sealed partial class SecondFactor(SecondFactorService factors, KnownBrowsers browsers)
{
    private StampedAccount? _asked;
    private string? _email;
    private string? _error;

    [SupplyParameterFromQuery]
    private string? ReturnUrl { get; set; }

    [SupplyParameterFromQuery(Name = "recovery")]
    private bool ByRecoveryCode { get; set; }

    [SupplyParameterFromForm(FormName = "second-factor")]
    private CodeEntry? Entry { get; set; }

    private string LogInUrl => $"{SessionCookie.LogInPath[1..]}?returnUrl={Uri.EscapeDataString(LocalUrl.OrHome(ReturnUrl))}";

    protected override async Task OnInitializedAsync()
    {
        Entry ??= new CodeEntry();
        _asked = await SignIn.FindAskedAsync();
        _email = await factors.FindAsync(Actor, _asked, Http.RequestAborted);
        if (_email is null)
        {
            Fail(StatusCodes.Status403Forbidden);
        }
    }

    private async Task VerifyAsync()
    {
        if (_asked is null || _email is null)
        {
            return;
        }

        var request = new SecondFactorRequest(_asked, Entry!.Code, ByRecoveryCode, browsers.CookieOf(Http, _email), UserAgent);
        switch (await factors.VerifyAsync(Actor, request, Http.RequestAborted))
        {
            case SecondFactorOutcome.LoggedIn(var login, RecoveryCodesLeft: null):
                await EnterAsync(login, ReturnUrl, Entry.Remember);
                break;
            case SecondFactorOutcome.LoggedIn(var login, _):
                await EnterAsync(login, $"/{PageUrls.TwoStep}?done=recovered&returnUrl={Uri.EscapeDataString(LocalUrl.OrHome(ReturnUrl))}");
                break;
            case SecondFactorOutcome.TooMany(var retryAfter):
                FailTooMany(retryAfter, "Too many attempts.", ", or use a browser you've logged in with before");
                break;
            case SecondFactorOutcome.Expired:
                _email = null;
                Fail(StatusCodes.Status403Forbidden);
                break;
            default:
                _error = ByRecoveryCode ? "Incorrect or used recovery code. Try another one." : "Incorrect or used code. Enter the current code.";
                Fail(StatusCodes.Status400BadRequest);
                break;
        }
    }

    private sealed class CodeEntry
    {
        public string? Code { get; set; }

        public bool Remember { get; set; }
    }
}
