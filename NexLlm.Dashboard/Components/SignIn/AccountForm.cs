using System.Globalization;
using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Accounts.Identity;
using NexLlm.Dashboard.Accounts.Sessions;
using NexLlm.Dashboard.Components.Urls;

namespace NexLlm.Dashboard.Components.SignIn;

/// <summary>What the static pages of this folder share: the request they answer and how they say what went wrong.</summary>
[Layout(typeof(AccountLayout))]
public abstract class AccountForm : ComponentBase
{
    [CascadingParameter]
    protected HttpContext Http { get; set; } = default!;

    [Inject]
    protected NavigationManager Navigation { get; set; } = default!;

    [Inject]
    protected AccountSignInManager SignIn { get; set; } = default!;

    /// <summary>The path prefix of this site, which stands before every path; blank where there is none.</summary>
    protected string Root => Http.Request.PathBase;

    /// <summary>What went wrong as a whole; null if nothing, or only single entries.</summary>
    protected string? Failure { get; private set; }

    /// <summary>Who asks: the login of this browser, or a visitor.</summary>
    protected Actor Actor => Http.User.ToActor(Http.Connection.RemoteIpAddress) ?? Actor.Visitor(Http.Connection.RemoteIpAddress);

    protected bool IsLoggedIn => Http.User.Identity is { IsAuthenticated: true };

    protected string? UserAgent => Http.Request.Headers.UserAgent.ToString() is { Length: > 0 } text ? text : null;

    protected void Fail(int status, string? message = null)
    {
        Http.Response.StatusCode = status;
        Failure = message;
    }

    /// <param name="alternative">What can be done at once, after the time to wait.</param>
    protected void FailTooMany(TimeSpan retryAfter, string message = "Too many attempts from your network.", string alternative = "")
    {
        var seconds = Math.Max(1, (long)Math.Ceiling(retryAfter.TotalSeconds));
        Http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        Fail(StatusCodes.Status429TooManyRequests, $"{message} Try again in {InWords(seconds)}{alternative}.");
    }

    /// <summary>Gives the browser its login and leads it on.</summary>
    /// <param name="remember">Whether the browser need not show the second factor again for a while.</param>
    protected async Task EnterAsync(NewLogin login, string? returnUrl, bool remember = false)
    {
        await SignIn.EnterAsync(login, remember);
        GoTo(returnUrl);
    }

    /// <summary>Leads to the second step of the log-in, and from there on.</summary>
    protected async Task AskSecondFactorAsync(StampedAccount account, string? returnUrl)
    {
        await SignIn.AskSecondFactorAsync(account);
        GoTo($"/{PageUrls.SecondFactor(LocalUrl.OrHome(returnUrl))}");
    }

    /// <summary>Leads on to a path of this site, with its prefix or without; home if it is none.</summary>
    protected void GoTo(string? returnUrl) => Navigation.NavigateTo(Within(returnUrl));

    /// <summary>The path with the site's prefix; home's if it is none of this site.</summary>
    protected string Within(string? returnUrl) => LocalUrl.Within(Http.Request.PathBase, returnUrl);

    private static string InWords(long seconds) => seconds switch
    {
        1 => "a second",
        < 60 => $"{seconds} seconds",
        <= 90 => "a minute",
        _ => $"{(seconds + 59) / 60} minutes",
    };
}
