using System.Globalization;
using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Accounts.Identity;
using NexLlm.Dashboard.Accounts.Sessions;
using NexLlm.Dashboard.Components.Urls;

namespace NexLlm.Dashboard.Components.SignIn;

/// <summary>The shared base of the static pages in this folder: the current request and error messages.</summary>
[Layout(typeof(AccountLayout))]
public abstract class AccountForm : ComponentBase
{
    [CascadingParameter]
    protected HttpContext Http { get; set; } = default!;

    [Inject]
    protected NavigationManager Navigation { get; set; } = default!;

    [Inject]
    protected AccountSignInManager SignIn { get; set; } = default!;

    /// <summary>The path prefix of this site, which precedes every path; blank if there is none.</summary>
    protected string Root => Http.Request.PathBase;

    /// <summary>The error of the whole form; null if there is none, or only errors of single fields.</summary>
    protected string? Failure { get; private set; }

    /// <summary>The actor: this browser's session, or a visitor.</summary>
    protected Actor Actor => Http.User.ToActor(Http.Connection.RemoteIpAddress) ?? Actor.Visitor(Http.Connection.RemoteIpAddress);

    protected bool IsLoggedIn => Http.User.Identity is { IsAuthenticated: true };

    protected string? UserAgent => Http.Request.Headers.UserAgent.ToString() is { Length: > 0 } text ? text : null;

    protected void Fail(int status, string? message = null)
    {
        Http.Response.StatusCode = status;
        Failure = message;
    }

    /// <param name="alternative">What can be done immediately, instead of waiting.</param>
    protected void FailTooMany(TimeSpan retryAfter, string message = "Too many attempts from your network.", string alternative = "")
    {
        var seconds = Math.Max(1, (long)Math.Ceiling(retryAfter.TotalSeconds));
        Http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        Fail(StatusCodes.Status429TooManyRequests, $"{message} Try again in {InWords(seconds)}{alternative}.");
    }

    /// <summary>Sets the browser's session cookie and redirects.</summary>
    /// <param name="remember">Whether the browser can skip the second factor for a while.</param>
    protected async Task EnterAsync(NewLogin login, string? returnUrl, bool remember = false)
    {
        await SignIn.EnterAsync(login, remember);
        GoTo(returnUrl);
    }

    /// <summary>Redirects to the second step of logging in, and from there to the return URL.</summary>
    protected async Task AskSecondFactorAsync(StampedAccount account, string? returnUrl)
    {
        await SignIn.AskSecondFactorAsync(account);
        GoTo($"/{PageUrls.SecondFactor(LocalUrl.OrHome(returnUrl))}");
    }

    /// <summary>Redirects to a path of this site, with or without its prefix; to the home page if the path is not local.</summary>
    protected void GoTo(string? returnUrl) => Navigation.NavigateTo(Within(returnUrl));

    /// <summary>The path with the site's prefix; the home page if the path is not local.</summary>
    protected string Within(string? returnUrl) => LocalUrl.Within(Http.Request.PathBase, returnUrl);

    private static string InWords(long seconds) => seconds switch
    {
        1 => "a second",
        < 60 => $"{seconds} seconds",
        <= 90 => "a minute",
        _ => $"{(seconds + 59) / 60} minutes",
    };
}
