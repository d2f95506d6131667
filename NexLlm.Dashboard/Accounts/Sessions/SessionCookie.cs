using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace NexLlm.Dashboard.Accounts.Sessions;

/// <summary>Identity's cookies: their names, and where the one that stands for a login leads people who have none.</summary>
internal sealed class SessionCookie(HostPrefixedCookies cookies, SessionTickets tickets, IOptions<AccountsOptions> accounts)
    : IPostConfigureOptions<CookieAuthenticationOptions>
{
    public const string LogInPath = "/account/login";

    internal const string Name = "nexllm.login";

    /// <summary>How long a browser need not show the second factor again.</summary>
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
            // Identity's five minutes, and not more while the person looks for the phone.
            options.Cookie.Name = "nexllm.second-factor";
            options.SlidingExpiration = false;
        }
        else if (name == IdentityConstants.TwoFactorRememberMeScheme)
        {
            options.Cookie.Name = "nexllm.trusted";
            options.ExpireTimeSpan = RememberedFor;
            options.SlidingExpiration = false;

            // Identity would compare the security stamp every half hour; log-in compares it each time.
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

        // The row of Sessions slides; the cookie only has to outlive it.
        options.ExpireTimeSpan = accounts.Value.LoginLifetime;
        options.SlidingExpiration = false;

        // Identity would compare the security stamp now and then; the row is compared with the account's at each request.
        options.Events.OnValidatePrincipal = _ => Task.CompletedTask;

        // The handler would follow returnUrl by itself, by looser rules than LocalUrl's, and fail on what is no header.
        options.Events.OnRedirectToReturnUrl = _ => Task.CompletedTask;
        options.Events.OnRedirectToAccessDenied = context =>
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        };
    }
}
