using System.IO.Compression;
using Microsoft.Extensions.Primitives;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace NexLlm.Dashboard.Gateway.Bodies;

/// <summary>How a body is compressed.</summary>
internal enum BodyEncoding
{
    None,
    Gzip,
    Deflate,
    Brotli,
    Zstd,
}

/// <summary>The values of <c>Content-Encoding</c> that are understood, and how each is unpacked.</summary>
internal static class BodyEncodings
{
    /// <summary>As in the header <c>Accept-Encoding</c> of a refusal.</summary>
    public const string Accepted = "gzip, br, zstd, deflate";

    /// <summary>2^23 bytes, what RFC 8878 asks every decoder to support; frames may ask for 2 GB.</summary>
    private const int ZstdWindowLog = 23;

    /// <summary>False for an unknown encoding, and for several on top of each other.</summary>
    public static bool TryRead(StringValues header, out BodyEncoding encoding)
    {
        encoding = BodyEncoding.None;
        foreach (var line in header)
        {
            var text = line.AsSpan();
            foreach (var part in text.Split(','))
            {
                if (!TryRead(text[part].Trim(), out var one) || (encoding is not BodyEncoding.None && one is not BodyEncoding.None))
                {
                    return false;
                }

                encoding = one is BodyEncoding.None ? encoding : one;
            }
        }

        return true;
    }

    /// <summary>The name in the header.</summary>
    public static string Name(this BodyEncoding encoding) => encoding switch
    {
        BodyEncoding.Gzip => "gzip",
        BodyEncoding.Deflate => "deflate",
        BodyEncoding.Brotli => "br",
        BodyEncoding.Zstd => "zstd",
        BodyEncoding.None => "identity",
    };

    public static Stream Unpack(this BodyEncoding encoding, Stream packed) => encoding switch
    {
        BodyEncoding.Gzip => new GZipStream(packed, CompressionMode.Decompress),
        BodyEncoding.Deflate when IsZlib(packed) => new ZLibStream(packed, CompressionMode.Decompress),
        BodyEncoding.Deflate => new DeflateStream(packed, CompressionMode.Decompress),
        BodyEncoding.Brotli => new BrotliStream(packed, CompressionMode.Decompress),
        BodyEncoding.Zstd => Zstd(packed),
        BodyEncoding.None => packed,
    };

    private static bool TryRead(ReadOnlySpan<char> name, out BodyEncoding encoding)
    {
        BodyEncoding? known = name switch
        {
            "" => BodyEncoding.None,
            _ when Is(name, "identity") => BodyEncoding.None,
            _ when Is(name, "gzip") || Is(name, "x-gzip") => BodyEncoding.Gzip,
            _ when Is(name, "deflate") => BodyEncoding.Deflate,
            _ when Is(name, "br") => BodyEncoding.Brotli,
            _ when Is(name, "zstd") => BodyEncoding.Zstd,
            _ => null,
        };
        encoding = known.GetValueOrDefault();
        return known is not null;
    }

    private static bool Is(ReadOnlySpan<char> name, string encoding) => name.Equals(encoding, StringComparison.OrdinalIgnoreCase);

    /// <summary>The standard means zlib's format by deflate; some clients send the bare one.</summary>
    private static bool IsZlib(Stream packed)
    {
        var (first, second) = (packed.ReadByte(), packed.ReadByte());
        packed.Position = 0;
        return (first & 0x0f) == 8 && ((first << 8) | second) % 31 == 0;
    }

    private static DecompressionStream Zstd(Stream packed)
    {
        var decoder = new Decompressor();
        decoder.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, ZstdWindowLog);
        return new DecompressionStream(packed, decoder, preserveDecompressor: false);
    }
}
