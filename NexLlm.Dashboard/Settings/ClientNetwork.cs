using System.Net;
using System.Net.Sockets;

namespace NexLlm.Dashboard.Settings;

/// <summary>Groups addresses for per-address limits: an IPv6 customer has an entire /64.</summary>
internal static class ClientNetwork
{
    public static string Of(IPAddress? address) => address switch
    {
        null => "unknown",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)),
        _ => address.ToString(),
    };
}
