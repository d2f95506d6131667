using System.Buffers.Binary;

namespace NexLlm.Dashboard.Gateway.Json;

/// <summary>
/// The hash of a field name. Equal names always have the same hash. Different names collide with a probability of about 2^-60,
/// which would reject a body but never let one through.
/// </summary>
internal static class NameHash
{
    private const ulong K1 = 0x9E3779B97F4A7C15, K2 = 0xD6E8FEB86659FD93;
    private const ulong High = 0x8080808080808080, BelowA = 0x4141414141414141, AboveZ = 0x5B5B5B5B5B5B5B5B;

    /// <param name="plain">Whether the name is lower-case ASCII, so that it equals its folded form.</param>
    public static ulong Of(ReadOnlySpan<byte> name, out bool plain)
    {
        var hash = (ulong)name.Length * K1;
        ulong odd = 0;
        for (; name.Length > 8; name = name[8..])
        {
            var part = BinaryPrimitives.ReadUInt64LittleEndian(name);
            odd |= Odd(part);
            hash = Mix(hash ^ part, K1);
        }

        var tail = Tail(name);
        plain = (odd | Odd(tail)) == 0;
        return Mix(hash ^ tail, K2);
    }

    private static ulong Tail(ReadOnlySpan<byte> name)
    {
        if (name.Length == 8) return BinaryPrimitives.ReadUInt64LittleEndian(name);
        if (name.Length >= 4)
            return BinaryPrimitives.ReadUInt32LittleEndian(name) | (ulong)BinaryPrimitives.ReadUInt32LittleEndian(name[^4..]) << 32;
        return name.IsEmpty ? 0 : name[0] | (ulong)name[name.Length / 2] << 8 | (ulong)name[^1] << 16;
    }

    // The high bit of each byte that is A to Z or not ASCII.
    private static ulong Odd(ulong bytes)
    {
        var raised = bytes | High;
        return (bytes | ((raised - BelowA) & ~(raised - AboveZ))) & High;
    }

    private static ulong Mix(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }
}
