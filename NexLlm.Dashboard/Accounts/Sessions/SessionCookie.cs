using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace NexLlm.Dashboard.Accounts.Sessions;

/// <summary>Configures Identity's cookies: their names, and the redirects for people without a session.</summary>
internal sealed class SessionCookie(HostPrefixedCookies cookies, SessionTickets tickets, IOptions<AccountsOptions> accounts)
    : IPostConfigureOptions<CookieAuthenticationOptions>
{
    public const string LogInPath = "/account/login";

    internal const string Name = "nexllm.login";

    /// <summary>How long a browser can skip the second factor.</summary>
    public static readonly TimeSpan RememberedFor = TimeSpan.FromDays(30);

    public void PostConfigure(string? name, CookieAuthenticationOptions options)
    {
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.Cookie.Path = "/";
        options.CookieManager = cookies;
        if (name == IdentityConstants.ApplicationScheme)
        {
            ConfigureLogin(options);
        }
        else if (name == IdentityConstants.TwoFactorUserIdScheme)
        {
            // Keeps Identity's five minutes, which are not extended while the person looks for the phone.
            options.Cookie.Name = "nexllm.second-factor";
            options.SlidingExpiration = false;
        }
        else if (name == IdentityConstants.TwoFactorRememberMeScheme)
        {
            options.Cookie.Name = "nexllm.trusted";
            options.ExpireTimeSpan = RememberedFor;
            options.SlidingExpiration = false;

            // Identity would compare the security stamp every half hour; the login compares it every time.
            options.Events.OnValidatePrincipal = _ => Task.CompletedTask;
        }
        else if (name == IdentityConstants.ExternalScheme)
        {
            options.Cookie.Name = "nexllm.provider";
        }
    }

    private void ConfigureLogin(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = Name;
        options.SessionStore = tickets;
        options.LoginPath = LogInPath;
        options.ReturnUrlParameter = "returnUrl";

        // The session row has a sliding expiry; the cookie only has to outlive it.
        options.ExpireTimeSpan = accounts.Value.LoginLifetime;
        options.SlidingExpiration = false;

        // Identity would compare the security stamp periodically; the session lookup compares it on every request.
        options.Events.OnValidatePrincipal = _ => Task.CompletedTask;

        // The handler would follow returnUrl itself, with looser rules than LocalUrl, and fail on values that are invalid in a header.
        options.Events.OnRedirectToReturnUrl = _ => Task.CompletedTask;
        options.Events.OnRedirectToAccessDenied = context =>
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        };
    }
}
