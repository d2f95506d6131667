using System.IO.Compression;

namespace NexLlm.Dashboard.Channels.Upstream;

/// <summary>
/// Unpacks what an upstream compressed, though nobody asked it to: some servers and the proxies before them do. Bytes come out as they
/// come in, so a stream that its sender flushes arrives event by event.
/// </summary>
internal static class Unpacking
{
    /// <summary>A few kilobytes can unpack to any size; no real answer is larger.</summary>
    internal const long Most = 256L * 1_024 * 1_024;

    private const string Header = "Content-Encoding";

    /// <summary>The body as it is if it is not packed, or in a way that nobody here can unpack: it is then no answer in any form.</summary>
    public static Stream Of(HttpResponseMessage response, Stream body)
    {
        if (!response.Content.Headers.NonValidated.TryGetValues(Header, out var encodings))
        {
            return body;
        }

        // The one that was applied last comes off first.
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

    /// <summary>Ends in a failure when more comes than anybody wants to have.</summary>
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
                // So Brotli says what the others say by a failure of the data.
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
