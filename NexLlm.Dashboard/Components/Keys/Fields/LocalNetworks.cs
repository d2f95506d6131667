using System.Net;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Components.Keys.Fields;

/// <summary>Addresses that are valid only within their own network: loopback, private and link-local.</summary>
internal static class LocalNetworks
{
    private static readonly IpAllowlist _all = IpAllowlist.TryParse(
        "127.0.0.0/8, 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 169.254.0.0/16, ::1, fc00::/7, fe80::/10", out var all, out _)
            ? all
            : throw new InvalidOperationException("The list of local networks is not canonical.");

    public static bool Contain(IPAddress address) => _all.Contains(address);
}
