using System.Globalization;
using System.Net;
using System.Security.Claims;

namespace NexLlm.Dashboard.Access;

/// <summary>The claims in a session cookie: the account and the session row, and nothing that could become stale.</summary>
public static class SessionClaims
{
    public const string SessionId = "nexllm:session";

    /// <summary>Returns null if the principal doesn't belong to a session of this application.</summary>
    public static Actor? ToActor(this ClaimsPrincipal principal, IPAddress? address) =>
        long.TryParse(principal.FindFirstValue(ClaimTypes.NameIdentifier), NumberStyles.None, CultureInfo.InvariantCulture, out var account)
        && Guid.TryParse(principal.FindFirstValue(SessionId), out var session)
            ? new Actor(account, session, address)
            : null;
}
