using System.IO.Compression;

namespace NexLlm.Dashboard.Channels.Upstream;

/// <summary>
/// Decompresses responses. Some servers and proxies compress even though no compression was requested. Data is passed on as it arrives, so
/// a flushed event stream is delivered event by event.
/// </summary>
internal static class Unpacking
{
    /// <summary>A few kilobytes can decompress to any size; no legitimate response is larger than this.</summary>
    internal const long Most = 256L * 1_024 * 1_024;

    private const string Header = "Content-Encoding";

    /// <summary>
    /// Returns the body unchanged if it isn't compressed or the encoding is unknown. In the latter case the response will fail to parse.
    /// </summary>
    public static Stream Of(HttpResponseMessage response, Stream body)
    {
        if (!response.Content.Headers.NonValidated.TryGetValues(Header, out var encodings))
        {
            return body;
        }

        // The last encoding applied is removed first.
        foreach (var encoding in encodings.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Reverse())
        {
            Stream? unpacked = encoding.ToLowerInvariant() switch
            {
                "gzip" or "x-gzip" => new GZipStream(body, CompressionMode.Decompress),
                "br" => new BrotliStream(body, CompressionMode.Decompress),
                "deflate" => new ZLibStream(body, CompressionMode.Decompress),
                _ => null,
            };
            body = unpacked is null ? body : new BoundedStream(unpacked, Most);
        }

        return body;
    }

    /// <summary>Fails when the data exceeds the limit.</summary>
    internal sealed class BoundedStream(Stream inner, long most) : Stream
    {
        private long _left = most;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                var read = await inner.ReadAsync(buffer, cancellationToken);
                _left -= read;
                return _left >= 0 ? read : throw new InvalidDataException("the decompressed response is too large");
            }
            catch (InvalidOperationException damaged)
            {
                // Align Brotli with the other decoders, which throw InvalidDataException for damaged data.
                throw new InvalidDataException(damaged.Message, damaged);
            }
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read it asynchronously.");

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
