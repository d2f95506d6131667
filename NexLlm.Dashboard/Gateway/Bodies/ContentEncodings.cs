using System.IO.Compression;
using Microsoft.Extensions.Primitives;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace NexLlm.Dashboard.Gateway.Bodies;

internal enum ContentEncoding
{
    None,
    Gzip,
    Deflate,
    Brotli,
    Zstd,
}

/// <summary>The supported values of <c>Content-Encoding</c> and how each is decompressed.</summary>
internal static class ContentEncodings
{
    /// <summary>The <c>Accept-Encoding</c> header of a rejection.</summary>
    public const string Accepted = "gzip, br, zstd, deflate";

    /// <summary>2^23 bytes, the window RFC 8878 asks every decoder to support. Frames may request up to 2 GB.</summary>
    private const int ZstdWindowLog = 23;

    /// <summary>False for an unknown encoding and for stacked encodings.</summary>
    public static bool TryRead(StringValues header, out ContentEncoding encoding)
    {
        encoding = ContentEncoding.None;
        foreach (var line in header)
        {
            var text = line.AsSpan();
            foreach (var part in text.Split(','))
            {
                if (!TryRead(text[part].Trim(), out var one) || (encoding is not ContentEncoding.None && one is not ContentEncoding.None))
                {
                    return false;
                }

                encoding = one is ContentEncoding.None ? encoding : one;
            }
        }

        return true;
    }

    public static string Name(this ContentEncoding encoding) => encoding switch
    {
        ContentEncoding.Gzip => "gzip",
        ContentEncoding.Deflate => "deflate",
        ContentEncoding.Brotli => "br",
        ContentEncoding.Zstd => "zstd",
        ContentEncoding.None => "identity",
    };

    public static Stream Unpack(this ContentEncoding encoding, Stream packed) => encoding switch
    {
        ContentEncoding.Gzip => new GZipStream(packed, CompressionMode.Decompress),
        ContentEncoding.Deflate when IsZlib(packed) => new ZLibStream(packed, CompressionMode.Decompress),
        ContentEncoding.Deflate => new DeflateStream(packed, CompressionMode.Decompress),
        ContentEncoding.Brotli => new BrotliStream(packed, CompressionMode.Decompress),
        ContentEncoding.Zstd => Zstd(packed),
        ContentEncoding.None => packed,
    };

    private static bool TryRead(ReadOnlySpan<char> name, out ContentEncoding encoding)
    {
        ContentEncoding? known = name switch
        {
            "" => ContentEncoding.None,
            _ when Is(name, "identity") => ContentEncoding.None,
            _ when Is(name, "gzip") || Is(name, "x-gzip") => ContentEncoding.Gzip,
            _ when Is(name, "deflate") => ContentEncoding.Deflate,
            _ when Is(name, "br") => ContentEncoding.Brotli,
            _ when Is(name, "zstd") => ContentEncoding.Zstd,
            _ => null,
        };
        encoding = known.GetValueOrDefault();
        return known is not null;
    }

    private static bool Is(ReadOnlySpan<char> name, string encoding) => name.Equals(encoding, StringComparison.OrdinalIgnoreCase);

    /// <summary>By "deflate" the standard means the zlib format, but some clients send raw deflate.</summary>
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
