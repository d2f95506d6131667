using System.Text;

namespace NexLlm.Dashboard.Channels.Echo;

/// <param name="Name">The event name; null for APIs without event names.</param>
/// <param name="Data">The value serialized as JSON; null for the <c>[DONE]</c> that ends OpenAI streams.</param>
internal readonly record struct EchoEvent(string? Name, object? Data)
{
    public static EchoEvent Done => default;

    public byte[] Bytes()
    {
        byte[] name = Name is null ? [] : Encoding.UTF8.GetBytes($"event: {Name}\n");
        return [.. name, .. "data: "u8, .. Data is null ? "[DONE]"u8 : EchoJson.Bytes(Data), .. "\n\n"u8];
    }
}

/// <summary>Produces one event per read, so that events are sent one by one as from a real provider.</summary>
internal sealed class EchoEventStream(IEnumerable<EchoEvent> events) : Stream
{
    private readonly IEnumerator<EchoEvent> _events = events.GetEnumerator();
    private ReadOnlyMemory<byte> _rest;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        if (_rest.IsEmpty && _events.MoveNext())
        {
            _rest = _events.Current.Bytes();
        }

        var count = Math.Min(buffer.Length, _rest.Length);
        _rest.Span[..count].CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<int>(cancellationToken) : ValueTask.FromResult(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

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
            _events.Dispose();
        }

        base.Dispose(disposing);
    }
}
