using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace NexLlm.Dashboard.Keys.Policy;

/// <summary>
/// Parses one allowlist entry. Each range has one valid notation. Others are parsed only to suggest that notation in the error:
/// the platform's parser reads "010.0.0.1" as 8.0.0.1, which may not be what the user meant.
/// </summary>
internal static class IpRangeReader
{
    private const int LongestShown = 60;

    /// <param name="range">A single address is also accepted with its full prefix length: 203.0.113.7/32.</param>
    /// <param name="error">Starts with the entry in quotes, then gives the problem and, if clear, the fix.</param>
    public static bool TryRead(string entry, out IpRange range, [NotNullWhen(false)] out string? error)
    {
        range = default;
        var slash = entry.IndexOf('/', StringComparison.Ordinal);
        if (ReadAddress(slash < 0 ? entry : entry.AsSpan(0, slash)) is not { } address)
        {
            error = $"{Shown(entry)} isn't a valid IP address or CIDR range.";
            return false;
        }

        var width = IpRange.Width(address.Family);
        var length = width;
        if (slash >= 0 && !TryReadLength(entry.AsSpan(slash + 1), address, out length))
        {
            error = $"{Shown(entry)} needs a prefix length from {address.LeadingBits} to {address.LeadingBits + width} after the slash.";
            return false;
        }

        var found = IpRange.Containing(address.Family, address.Bits, length);
        var spelling = found.ToString();
        if (entry == spelling || (found.IsSingleAddress && entry == $"{spelling}/{width}"))
        {
            range = found;
            error = null;
            return true;
        }

        error = found.Network == address.Bits
            ? $"{Shown(entry)} {address.Oddity ?? "isn't in its shortest form"}. Enter {spelling}."
            : $"{Shown(entry)} has host bits set. Enter {spelling} or {IpRange.Containing(address.Family, address.Bits, width)}.";
        return false;
    }

    private static bool TryReadLength(ReadOnlySpan<char> text, Address address, out int length)
    {
        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out length);
        length -= address.LeadingBits;
        return isNumber && length >= 0 && length <= IpRange.Width(address.Family);
    }

    private static Address? ReadAddress(ReadOnlySpan<char> text)
    {
        string? oddity = null;
        var close = text.IndexOf(']');
        var port = close >= 0 ? close + 1 : text.Count(':') == 1 ? text.IndexOf(':') : text.Length;
        if (port < text.Length)
        {
            if (text[port] != ':' || text[(port + 1)..].ContainsAnyExceptInRange('0', '9'))
                return null;
            oddity = "includes a port";
            text = text[..port];
        }

        if (text is ['[', .. var inside, ']'])
        {
            oddity ??= "is in brackets";
            text = inside;
        }

        if (text.IndexOf('%') is >= 0 and var scope)
        {
            oddity ??= "includes a network interface";
            text = text[..scope];
        }

        return text.Contains(':') ? ReadIPv6(text, oddity) : ReadIPv4(text, oddity);
    }

    private static Address? ReadIPv6(ReadOnlySpan<char> text, string? oddity)
    {
        if (!IPAddress.TryParse(text, out var parsed))
            return null;
        var (family, bits) = IpRange.Bits(parsed);
        return family == AddressFamily.InterNetwork
            ? new Address(family, bits, oddity ?? "is IPv4 written as IPv6", LeadingBits: 96)
            : new Address(family, bits, oddity);
    }

    private static Address? ReadIPv4(ReadOnlySpan<char> text, string? oddity)
    {
        UInt128 bits = 0;
        var count = 0;
        foreach (var part in text.Split('.'))
        {
            var digits = text[part];
            if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value > 255)
                return null;
            if (digits.Length > 1 && digits[0] == '0')
                oddity ??= "has leading zeros";
            bits = (bits << 8) | (uint)value;
            count++;
        }

        return count == 4 ? new Address(AddressFamily.InterNetwork, bits, oddity) : null;
    }

    private static string Shown(string entry) =>
        $"\"{(entry.Length <= LongestShown ? entry : string.Concat(entry.AsSpan(0, LongestShown), "…"))}\"";

    /// <param name="Oddity">Why this is not the valid notation, if known.</param>
    /// <param name="LeadingBits">The bits of a prefix length that precede the address: 96 for IPv4 mapped to IPv6.</param>
    private readonly record struct Address(AddressFamily Family, UInt128 Bits, string? Oddity, int LeadingBits = 0);
}
