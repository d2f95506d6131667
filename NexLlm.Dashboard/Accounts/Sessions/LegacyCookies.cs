using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using NexLlm.Dashboard.Access;

namespace NexLlm.Dashboard.Accounts.Sessions;

/// <summary>
/// Recognizes sessions from before the upgrade to Identity's cookie. The application can
/// no longer read their cookies, so these people have to log in again and are told why.
/// </summary>
public sealed class LegacyCookies(IDataProtectionProvider protection, HostPrefixedCookies cookies, SessionService sessions, TimeProvider clock)
{
    // Matches how the cookie handler of the scheme "Cookies" protected them.
    private readonly TicketDataFormat _tickets = new(
        protection.CreateProtector("Microsoft.AspNetCore.Authentication.Cookies.CookieAuthenticationMiddleware", "Cookies", "v2"));

    /// <summary>Removes such a cookie from the browser.</summary>
    /// <returns>Whether the cookie belonged to a session that would still be valid, not to an expired or ended one.</returns>
    public async Task<bool> TakeAsync(HttpContext context)
    {
        if (cookies.GetRequestCookie(context, SessionCookie.Name) is not { } cookie || _tickets.Unprotect(cookie) is not { } ticket)
        {
            return false;
        }

        cookies.DeleteCookie(context, SessionCookie.Name, new CookieOptions { Path = "/", HttpOnly = true, Secure = context.Request.IsHttps });
        return ticket.Properties.ExpiresUtc > clock.GetUtcNow()
            && Guid.TryParse(ticket.Principal.FindFirstValue(SessionClaims.SessionId), out var session)
            && await sessions.EndedByUpgradeAsync(session, context.RequestAborted);
    }
}
