using Microsoft.AspNetCore.Identity;

namespace NexLlm.Dashboard.Accounts.Passkeys;

/// <summary>The reasons why browsers don't offer passkeys on a site.</summary>
public enum PasskeyObstacle
{
    /// <summary>A passkey belongs to a host name, not to an IP address.</summary>
    IpAddress,

    /// <summary>Plain HTTP on a host other than localhost.</summary>
    NoHttps,
}

/// <summary>The site's address as the browser sees it, to whose host name passkeys belong.</summary>
public static class PasskeyAddress
{
    /// <summary>Why browsers don't offer passkeys here; null if they do.</summary>
    public static PasskeyObstacle? ObstacleAt(HttpRequest request) =>
        Uri.CheckHostName(request.Host.Host) is UriHostNameType.IPv4 or UriHostNameType.IPv6 ? PasskeyObstacle.IpAddress
        : request.IsHttps || IsLocalhost(request.Host.Host) ? null
        : PasskeyObstacle.NoHttps;

    /// <summary>
    /// Accepts only pages of this exact origin. Identity merely compares two client claims, the Origin header and the signed origin, so a
    /// sibling subdomain could relay a signature obtained there.
    /// </summary>
    internal static ValueTask<bool> IsOwnOriginAsync(PasskeyOriginValidationContext claimed)
    {
        var request = claimed.HttpContext.Request;
        return ValueTask.FromResult(
            !claimed.CrossOrigin
            && Uri.TryCreate($"{request.Scheme}://{request.Host.Value}", UriKind.Absolute, out var own)
            && own.GetLeftPart(UriPartial.Authority) == claimed.Origin);
    }

    private static bool IsLocalhost(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
}
