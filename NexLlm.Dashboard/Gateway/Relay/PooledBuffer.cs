using System.Buffers;

namespace NexLlm.Dashboard.Gateway.Relay;

/// <summary>Bytes in an array that is rented when the first come, and grows with them. Disposing it returns the array.</summary>
internal sealed class PooledBuffer : IBufferWriter<byte>, IDisposable
{
    private byte[] _bytes = [];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);

    public void Advance(int count) => Length += count;

    public void Clear() => Length = 0;

    /// <summary>Drops the first bytes and moves what follows to the front.</summary>
    public void Discard(int count)
    {
        Span[count..].CopyTo(_bytes);
        Length -= count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(1, sizeHint));
        return _bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Dispose()
    {
        Return();
        _bytes = [];
        Length = 0;
    }

    private void Return()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }
    }

    private void Reserve(int more)
    {
        if (_bytes.Length - Length >= more)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(Length + more), _bytes.Length * 2));
        Span.CopyTo(larger);
        Return();
        _bytes = larger;
    }
}
