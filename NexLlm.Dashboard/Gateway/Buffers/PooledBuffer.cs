using System.Buffers;
using System.Numerics;

namespace NexLlm.Dashboard.Gateway.Buffers;

/// <summary>A growing buffer in an array that is rented on the first write and returned on dispose.</summary>
/// <remarks>
/// Retained memory after a burst is bounded: arrays up to 64 KB go to the shared pool, a few of each larger size are kept, and
/// the largest are left to the garbage collector.
/// </remarks>
internal sealed class PooledBuffer : IBufferWriter<byte>, IDisposable
{
    private const int Shared = 64 * 1_024;
    private const int Kept = 1_024 * 1_024;

    private static readonly ArrayPool<byte> _large = ArrayPool<byte>.Create(Kept, maxArraysPerBucket: 8);

    private byte[] _bytes = [];

    public int Length { get; private set; }

    public int Capacity => _bytes.Length;

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);

    /// <summary>The space available without growing.</summary>
    public Span<byte> Free => _bytes.AsSpan(Length);

    /// <summary>The memory that a buffer of this size takes, in bytes.</summary>
    public static int SizeFor(int bytes) => bytes <= Kept ? (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(bytes, 16)) : bytes;

    /// <summary>The bytes as a stream, valid until the buffer grows or is disposed.</summary>
    public MemoryStream AsStream() => new(_bytes, 0, Length, writable: false);

    public void Advance(int count) => Length += count;

    public void Clear() => Length = 0;

    /// <summary>Drops the first bytes and moves the rest to the front.</summary>
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

    /// <summary>Ensures the given total capacity, including the bytes already written.</summary>
    public void Grow(int capacity)
    {
        var larger = capacity > Kept ? GC.AllocateUninitializedArray<byte>(capacity) : PoolOf(capacity).Rent(capacity);
        Span.CopyTo(larger);
        Return();
        _bytes = larger;
    }

    private static ArrayPool<byte> PoolOf(int size) => size > Shared ? _large : ArrayPool<byte>.Shared;

    private void Return()
    {
        if (_bytes.Length is > 0 and <= Kept)
        {
            PoolOf(_bytes.Length).Return(_bytes);
        }
    }

    private void Reserve(int more)
    {
        if (_bytes.Length - Length < more)
        {
            Grow(Math.Max(checked(Length + more), (int)Math.Min(_bytes.Length * 2L, Array.MaxLength)));
        }
    }
}
