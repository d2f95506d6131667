using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Gateway.Errors;

namespace NexLlm.Dashboard.Gateway.Buffers;

/// <summary>What one request holds of the <see cref="BodyMemoryBudget"/>. Must not be copied once memory was reserved.</summary>
internal struct BodyMemoryLease
{
    private readonly BodyMemoryBudget? _budget;

    internal BodyMemoryLease(BodyMemoryBudget budget, LiveAccount account, int slot, long openedAt)
    {
        _budget = budget;
        Account = account;
        Slot = slot;
        OpenedAt = openedAt;
    }

    internal readonly LiveAccount? Account { get; }

    internal readonly int Slot { get; }

    internal readonly long OpenedAt { get; }

    public long Bytes { get; private set; }

    /// <returns>Null if the bytes may be allocated, otherwise the error for the client.</returns>
    public Rejection? Take(long bytes)
    {
        if (_budget?.Take(this, bytes) is { } refusal)
        {
            return refusal;
        }

        Bytes += bytes;
        return null;
    }

    public void Give(long bytes)
    {
        _budget?.Give(this, bytes);
        Bytes -= bytes;
    }

    /// <summary>
    /// Grows the buffer to the given total size. The old and the new array exist at the same time, so both count until the old
    /// one is released.
    /// </summary>
    /// <param name="buffer">The request's body, or the buffer its body is decompressed into.</param>
    /// <param name="besides">The bytes of this lease held for something else.</param>
    /// <returns>Null if there is memory for it, otherwise the error for the client.</returns>
    public Rejection? Grow(PooledBuffer buffer, int capacity, long besides = 0)
    {
        var before = Bytes - besides;
        if (Take(PooledBuffer.SizeFor(capacity)) is { } refusal)
        {
            return refusal;
        }

        buffer.Grow(capacity);
        Give(before);
        return null;
    }

    /// <summary>Returns all memory, once.</summary>
    public void Release()
    {
        if (Bytes > 0)
        {
            _budget!.Ended(this);
            Give(Bytes);
        }
    }
}
