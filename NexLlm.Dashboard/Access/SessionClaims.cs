using System.Globalization;
using System.Net;
using System.Security.Claims;

namespace NexLlm.Dashboard.Access;

/// <summary>What the cookie of a login says: the account and the session row, nothing that could go stale.</summary>
public static class SessionClaims
{
    public const string SessionId = "nexllm:session";

    /// <summary>Null if the principal is not a login of this program.</summary>
    public static Actor? ToActor(this ClaimsPrincipal principal, IPAddress? address) =>
        long.TryParse(principal.FindFirstValue(ClaimTypes.NameIdentifier), NumberStyles.None, CultureInfo.InvariantCulture, out var account)
        && Guid.TryParse(principal.FindFirstValue(SessionId), out var session)
            ? new Actor(account, session, address)
            : null;
}
