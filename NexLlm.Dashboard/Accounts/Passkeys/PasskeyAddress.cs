using Microsoft.AspNetCore.Identity;

namespace NexLlm.Dashboard.Accounts.Passkeys;

/// <summary>Why browsers offer no passkeys at an address.</summary>
public enum PasskeyObstacle
{
    /// <summary>A passkey belongs to a host name, which an IP address is none.</summary>
    IpAddress,

    /// <summary>Plain HTTP, on another host than localhost.</summary>
    NoHttps,
}

/// <summary>The address of this site, as the browser of a request knows it: passkeys belong to its host name.</summary>
public static class PasskeyAddress
{
    /// <summary>What keeps browsers from offering passkeys here; null if nothing does.</summary>
    public static PasskeyObstacle? ObstacleAt(HttpRequest request) =>
        Uri.CheckHostName(request.Host.Host) is UriHostNameType.IPv4 or UriHostNameType.IPv6 ? PasskeyObstacle.IpAddress
        : request.IsHttps || IsLocalhost(request.Host.Host) ? null
        : PasskeyObstacle.NoHttps;

    /// <summary>
    /// Only pages of this very origin. Identity by itself compares two claims of the client, its Origin header and what its authenticator
    /// signed, so that a neighbouring subdomain could pass on what it got somebody to sign.
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
