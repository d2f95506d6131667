using System.Buffers;

namespace NexLlm.Dashboard.Gateway.Json;

/// <summary>The fields of one server-sent event. Its data is a slice of the event, or a copy if it has several lines.</summary>
internal ref struct SseEvent : IDisposable
{
    private byte[]? _joined;
    private bool _hasData;

    public SseEvent(ReadOnlySpan<byte> lines)
    {
        if (lines.StartsWith("\uFEFF"u8)) lines = lines[3..];
        var length = lines.Length;
        while (!lines.IsEmpty)
        {
            var end = lines.IndexOfAny((byte)'\r', (byte)'\n');
            Field(end < 0 ? lines : lines[..end], length);
            lines = end < 0 ? default : lines[(end + 1)..];
        }
    }

    public ReadOnlySpan<byte> Data { get; private set; }

    public ReadOnlySpan<byte> Name { get; private set; }

    public readonly void Dispose()
    {
        if (_joined is not null) ArrayPool<byte>.Shared.Return(_joined);
    }

    private void Field(ReadOnlySpan<byte> line, int longest)
    {
        var colon = line.IndexOf((byte)':');
        var value = colon < 0 ? default : line[(colon + 1)..];
        if (value.StartsWith(" "u8)) value = value[1..];
        var name = colon < 0 ? line : line[..colon];
        if (name.SequenceEqual("event"u8)) Name = value;
        if (!name.SequenceEqual("data"u8)) return;
        if (_hasData) Join(value, longest);
        else Data = value;
        _hasData = true;
    }

    private void Join(ReadOnlySpan<byte> value, int longest)
    {
        if (_joined is null)
        {
            // The joined data is no longer than the lines themselves.
            _joined = ArrayPool<byte>.Shared.Rent(longest);
            Data.CopyTo(_joined);
        }

        var length = Data.Length;
        _joined[length++] = (byte)'\n';
        value.CopyTo(_joined.AsSpan(length));
        Data = _joined.AsSpan(0, length + value.Length);
    }
}
