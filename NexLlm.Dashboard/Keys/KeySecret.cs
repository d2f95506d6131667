using System.Buffers;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace NexLlm.Dashboard.Keys;

/// <summary>
/// The full text of an API key: prefix, 43 random base62 characters (more than 256 bits), and a 6-character checksum that lets
/// scanners find leaked keys and the gateway reject garbage without a lookup. Printing, logging or serializing it shows only the
/// key prefix.
/// </summary>
[DebuggerDisplay("{DisplayForm}")]
public sealed class KeySecret
{
    public const string Prefix = "sk-nexllm-";

    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int BodyLength = 43;
    private const int ChecksumLength = 6;
    private const int ChecksumStart = 53;
    private const int Length = ChecksumStart + ChecksumLength;

    private static readonly SearchValues<char> _base62 = SearchValues.Create(Alphabet);

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly string _text;

    private KeySecret(string text)
    {
        _text = text;
        DisplayForm = $"{Prefix}{text.AsSpan(Prefix.Length, 3)}…{text.AsSpan(Length - 4)}";
        Hash = new byte[SHA256.HashSizeInBytes];
        HashInto(text, Hash);
    }

    /// <summary>Enough to tell keys apart, but useless for calls: <c>sk-nexllm-AbC…wXyZ</c>.</summary>
    public string DisplayForm { get; }

    /// <summary>SHA-256 of the whole ASCII text, which is stored and looked up.</summary>
    [JsonIgnore]
    public byte[] Hash { get; }

    public static KeySecret Generate()
    {
        Span<char> text = stackalloc char[Length];
        Prefix.CopyTo(text);
        RandomNumberGenerator.GetItems(Alphabet, text.Slice(Prefix.Length, BodyLength));
        WriteChecksum(text[..ChecksumStart], text[ChecksumStart..]);
        return new KeySecret(text.ToString());
    }

    /// <summary>Accepts only the exact text; callers trim user input first.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out KeySecret? secret)
    {
        secret = IsWellFormed(text) ? new KeySecret(text.ToString()) : null;
        return secret is not null;
    }

    /// <summary>Whether prefix, length, characters and checksum are valid, so that a lookup is worthwhile. Allocates nothing.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        if (text.Length != Length || !text.StartsWith(Prefix, StringComparison.Ordinal) || text[Prefix.Length..].ContainsAnyExcept(_base62))
            return false;

        Span<char> checksum = stackalloc char[ChecksumLength];
        WriteChecksum(text[..ChecksumStart], checksum);
        return text[ChecksumStart..].SequenceEqual(checksum);
    }

    /// <summary>Writes the <see cref="Hash"/> of a text that satisfies <see cref="IsWellFormed"/>. Allocates nothing.</summary>
    public static void HashInto(ReadOnlySpan<char> wellFormed, Span<byte> hash32)
    {
        Span<byte> ascii = stackalloc byte[Length];
        SHA256.HashData(ascii[..Encoding.ASCII.GetBytes(wellFormed, ascii)], hash32);
    }

    /// <summary>The full text, for the one time its owner sees it.</summary>
    public string Reveal() => _text;

    public override string ToString() => DisplayForm;

    private static void WriteChecksum(ReadOnlySpan<char> text, Span<char> checksum)
    {
        var crc = Crc32.Of(text);
        for (var i = ChecksumLength - 1; i >= 0; i--)
        {
            checksum[i] = Alphabet[(int)(crc % (uint)Alphabet.Length)];
            crc /= (uint)Alphabet.Length;
        }
    }
}
