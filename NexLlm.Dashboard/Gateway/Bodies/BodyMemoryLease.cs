using NexLlm.Dashboard.Accounts;

namespace NexLlm.Dashboard.Gateway.Bodies;

/// <summary>What one request holds of the <see cref="BodyMemoryBudget"/>. Not to be copied once something was taken.</summary>
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

    /// <returns>Null if the bytes may be allocated, else what the client is told.</returns>
    public Refusal? Take(long bytes)
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

    /// <summary>Gives everything back, once.</summary>
    public void Release()
    {
        if (Bytes > 0)
        {
            _budget!.Ended(this);
            Give(Bytes);
        }
    }
}
