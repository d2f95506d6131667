using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Accounts.LogIn;

namespace NexLlm.Dashboard.Accounts.Sessions;

/// <summary>The cookie that stands for a login, and where it leads people who have none.</summary>
public sealed class SessionCookie(SessionService sessions, HostPrefixedCookies cookies, IOptions<AccountsOptions> accounts)
    : IConfigureNamedOptions<CookieAuthenticationOptions>
{
    public const string LogInPath = "/account/login";

    /// <summary>Gives the browser its login, and marks it as one that has logged in to this account.</summary>
    public static async Task IssueAsync(HttpContext context, NewLogin login)
    {
        Claim[] claims =
        [
            new(ClaimTypes.NameIdentifier, login.AccountId.ToString(CultureInfo.InvariantCulture)),
            new(SessionClaims.SessionId, login.SessionId.ToString()),
        ];
        var principal = new ClaimsPrincipal(new ClaimsIdentity(claims, CookieAuthenticationDefaults.AuthenticationScheme));
        await context.SignInAsync(principal, new AuthenticationProperties { IsPersistent = true, ExpiresUtc = login.Until });
        context.RequestServices.GetRequiredService<KnownBrowsers>().Remember(context, login.Email);
    }

    public void Configure(string? name, CookieAuthenticationOptions options) => Configure(options);

    public void Configure(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = "nexllm.login";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.Cookie.Path = "/";
        options.CookieManager = cookies;
        options.LoginPath = LogInPath;
        options.ReturnUrlParameter = "returnUrl";

        // The row of Sessions slides; the cookie only has to outlive it.
        options.ExpireTimeSpan = accounts.Value.LoginLifetime;
        options.SlidingExpiration = false;
        options.Events.OnValidatePrincipal = ValidateAsync;

        // The handler would follow returnUrl by itself, by looser rules than LocalUrl's, and fail on what is no header.
        options.Events.OnRedirectToReturnUrl = _ => Task.CompletedTask;
        options.Events.OnRedirectToAccessDenied = context =>
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        };
    }

    private async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var http = context.HttpContext;
        if (context.Principal?.ToActor(http.Connection.RemoteIpAddress) is not { } actor || !await sessions.IsLiveAsync(actor, http.RequestAborted))
        {
            context.RejectPrincipal();
        }
    }
}
