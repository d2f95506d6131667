using System.Runtime.InteropServices;

namespace NexLlm.Dashboard.Keys;

/// <summary>SHA-256 of a secret as four numbers, compared without branches so that timing reveals nothing.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct KeyHash : IEquatable<KeyHash>
{
    public const int Size = 32;

    private readonly ulong _first;
    private readonly ulong _second;
    private readonly ulong _third;
    private readonly ulong _fourth;

    /// <summary>The first eight bytes, enough to distinguish a million hashes.</summary>
    internal ulong Prefix => _first;

    public static bool operator ==(in KeyHash left, in KeyHash right) => left.Equals(right);

    public static bool operator !=(in KeyHash left, in KeyHash right) => !left.Equals(right);

    /// <param name="hash">32 bytes, as written by <see cref="KeySecret.HashInto"/>.</param>
    public static KeyHash Of(ReadOnlySpan<byte> hash) => MemoryMarshal.Read<KeyHash>(hash);

    /// <summary>Requires at least eight bytes.</summary>
    internal static ulong PrefixOf(ReadOnlySpan<byte> hash) => MemoryMarshal.Read<ulong>(hash);

    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        MemoryMarshal.Write(bytes, this);
        return bytes;
    }

    public bool Equals(KeyHash other) =>
        ((_first ^ other._first) | (_second ^ other._second) | (_third ^ other._third) | (_fourth ^ other._fourth)) == 0;

    public override bool Equals(object? obj) => obj is KeyHash other && Equals(other);

    public override int GetHashCode() => (int)_first;
}
