using System.Net;
using System.Net.Sockets;

namespace NexLlm.Dashboard.Hosting.Settings;

/// <summary>What counts as one address where limits are per address: an IPv6 customer has a whole /64.</summary>
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
