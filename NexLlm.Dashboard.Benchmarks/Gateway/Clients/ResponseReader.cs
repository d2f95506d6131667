using System.Buffers.Text;
using System.Globalization;

namespace NexLlm.Dashboard.Benchmarks.Gateway.Clients;

/// <summary>
/// Reads one HTTP/1.1 response from parts of any size, and no more of it than tells whether it was the right one. Only what
/// Kestrel sends: a body with a length or in chunks without trailers.
/// </summary>
internal struct ResponseReader
{
    private Step _step;
    private bool _chunked;
    private long _remaining;

    private enum Step
    {
        Head,
        ChunkSize,
        Body,
        Complete,
    }

    public int Status { get; private set; }

    /// <summary>Bytes of body announced so far, without the chunks' frames.</summary>
    public long BodyLength { get; private set; }

    public readonly bool IsComplete => _step is Step.Complete;

    /// <summary>Returns how much it has read; the rest has to be offered again with more behind it.</summary>
    public int Read(ReadOnlySpan<byte> arrived)
    {
        var left = arrived;
        var goesOn = true;
        while (goesOn && !IsComplete)
        {
            goesOn = _step switch
            {
                Step.Head => ReadHead(ref left),
                Step.ChunkSize => ReadChunkSize(ref left),
                _ => ReadBody(ref left),
            };
        }

        return arrived.Length - left.Length;
    }

    private bool ReadHead(ref ReadOnlySpan<byte> left)
    {
        var end = left.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return false;
        }

        var head = left[..(end + 2)];
        left = left[(end + 4)..];
        Status = int.Parse(head["HTTP/1.1 ".Length..][..3], CultureInfo.InvariantCulture);
        _chunked = head.IndexOf("Transfer-Encoding: chunked\r\n"u8) > 0;
        if (_chunked)
        {
            _step = Step.ChunkSize;
        }
        else
        {
            Expect(ContentLength(head), 0);
        }

        return true;
    }

    private static long ContentLength(ReadOnlySpan<byte> head)
    {
        var name = "\r\nContent-Length: "u8;
        var at = head.IndexOf(name);
        return at > 0 && Utf8Parser.TryParse(head[(at + name.Length)..], out long length, out _) ? length : 0;
    }

    private bool ReadChunkSize(ref ReadOnlySpan<byte> left)
    {
        var end = left.IndexOf("\r\n"u8);
        if (end < 0)
        {
            return false;
        }

        if (!Utf8Parser.TryParse(left[..end], out long size, out _, 'X'))
        {
            throw new InvalidDataException("A chunk has no size.");
        }

        left = left[(end + 2)..];
        Expect(size, "\r\n".Length);
        _chunked = size > 0;
        return true;
    }

    private bool ReadBody(ref ReadOnlySpan<byte> left)
    {
        var taken = (int)Math.Min(left.Length, _remaining);
        left = left[taken..];
        _remaining -= taken;
        if (_remaining == 0)
        {
            _step = _chunked ? Step.ChunkSize : Step.Complete;
        }

        return taken > 0;
    }

    private void Expect(long length, int frame)
    {
        BodyLength += length;
        _remaining = length + frame;
        _step = _remaining == 0 ? Step.Complete : Step.Body;
    }
}
