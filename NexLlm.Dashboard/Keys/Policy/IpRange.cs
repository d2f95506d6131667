using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace NexLlm.Dashboard.Keys.Policy;

/// <summary>One address or CIDR block, either IPv4 or IPv6. The default value contains nothing.</summary>
public readonly record struct IpRange
{
    private readonly UInt128 _network;
    private readonly UInt128 _hostBits;

    private IpRange(AddressFamily family, UInt128 network, int prefixLength)
    {
        Family = family;
        PrefixLength = prefixLength;
        _hostBits = HostBits(family, prefixLength);
        _network = network & ~_hostBits;
    }

    /// <summary>InterNetwork or InterNetworkV6.</summary>
    public AddressFamily Family { get; }

    /// <summary>0 to 32 for IPv4, 0 to 128 for IPv6.</summary>
    public int PrefixLength { get; }

    public bool IsSingleAddress => Family != AddressFamily.Unspecified && _hostBits == 0;

    /// <summary>The range of a single client address: IPv4 mapped to IPv6 becomes IPv4, and a scope is dropped.</summary>
    public static IpRange Of(IPAddress address)
    {
        var (family, bits) = Bits(address);
        return new IpRange(family, bits, Width(family));
    }

    /// <summary>Allocates nothing.</summary>
    public bool Contains(IPAddress address)
    {
        var (family, bits) = Bits(address);
        return Contains(family, bits);
    }

    /// <summary>The canonical notation of this range: RFC 5952 for IPv6, a single address without a prefix length.</summary>
    public override string ToString()
    {
        if (Family == AddressFamily.Unspecified)
            return "";
        var address = Family == AddressFamily.InterNetwork ? FormatIPv4((uint)_network) : FormatIPv6(_network);
        return IsSingleAddress ? address : string.Create(CultureInfo.InvariantCulture, $"{address}/{PrefixLength}");
    }

    internal static int Width(AddressFamily family) => family == AddressFamily.InterNetwork ? 32 : 128;

    internal static IpRange Containing(AddressFamily family, UInt128 bits, int prefixLength) => new(family, bits, prefixLength);

    internal UInt128 Network => _network;

    internal bool Contains(AddressFamily family, UInt128 bits) =>
        family == Family && (bits & ~_hostBits) == _network;

    internal static (AddressFamily Family, UInt128 Bits) Bits(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        if (length == 4)
            return (AddressFamily.InterNetwork, BinaryPrimitives.ReadUInt32BigEndian(bytes));
        var bits = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return address.IsIPv4MappedToIPv6
            ? (AddressFamily.InterNetwork, (uint)bits)
            : (AddressFamily.InterNetworkV6, bits);
    }

    private static UInt128 HostBits(AddressFamily family, int prefixLength)
    {
        var count = Width(family) - prefixLength;
        // Shifting by the full width would shift by zero.
        return count == 128 ? UInt128.MaxValue : (UInt128.One << count) - 1;
    }

    private static string FormatIPv4(uint bits) =>
        string.Create(CultureInfo.InvariantCulture, $"{bits >> 24}.{(bits >> 16) & 0xFF}.{(bits >> 8) & 0xFF}.{bits & 0xFF}");

    private static string FormatIPv6(UInt128 bits)
    {
        var groups = new string[8];
        for (var i = 0; i < groups.Length; i++)
            groups[i] = ((ushort)(bits >> (112 - 16 * i))).ToString("x", CultureInfo.InvariantCulture);

        var (start, length) = LongestRunOfZeros(groups);
        return length < 2
            ? string.Join(':', groups)
            : $"{string.Join(':', groups[..start])}::{string.Join(':', groups[(start + length)..])}";
    }

    private static (int Start, int Length) LongestRunOfZeros(string[] groups)
    {
        var longest = (Start: 0, Length: 0);
        for (int i = 0, length = 0; i < groups.Length; i++)
        {
            length = groups[i] == "0" ? length + 1 : 0;
            if (length > longest.Length)
                longest = (i - length + 1, length);
        }

        return longest;
    }
}
