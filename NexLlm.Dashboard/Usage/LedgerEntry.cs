namespace NexLlm.Dashboard.Usage;

/// <summary>What the writer keeps about a ticket; guarded by the writer's lock, but for <see cref="Taken"/> the checkpoint and the settlement, which are its thread's.</summary>
internal struct LedgerEntry
{
    public long Id;

    /// <summary>What it is to become.</summary>
    public ChargeState Wanted;

    /// <summary>What the group that is being written makes of it.</summary>
    public ChargeState Taken;

    /// <summary>What the file says; null while it holds no row.</summary>
    public ChargeState? Stored;

    /// <summary>Its place in the order of settling; null before it has one.</summary>
    public long? Settlement;

    /// <summary>The last checkpoint in the file.</summary>
    public long StoredOutput;

    /// <summary>Stands among what is written next.</summary>
    public bool IsQueued;

    /// <summary>In the group that is being written.</summary>
    public bool IsTaken;

    /// <summary>Nothing is left to write.</summary>
    public bool IsFinished;

    /// <summary>Whoever waited for it was told that it is not durable, and is not told otherwise.</summary>
    public bool HasFailed;

    public bool WaitsDurable;
    public bool WaitsSettled;
}

/// <summary>What whoever asks the writer to write has to do.</summary>
internal enum WriteStatus
{
    Done,
    Pending,
    Failed,
}
