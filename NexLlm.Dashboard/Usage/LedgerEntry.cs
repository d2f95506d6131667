namespace NexLlm.Dashboard.Usage;

/// <summary>
/// How far a ticket is written. Guarded by the queue's lock, but for <see cref="Taken"/>, <see cref="Settlement"/> and
/// <see cref="StoredOutput"/>, which belong to the writer's thread.
/// </summary>
internal struct LedgerEntry
{
    public long Id;

    /// <summary>The state that it is to have in the file.</summary>
    public ChargeState Wanted;

    /// <summary>The state that the batch being written gives it.</summary>
    public ChargeState Taken;

    /// <summary>Its state in the file; null while it has no row.</summary>
    public ChargeState? Stored;

    /// <summary>Its place in the order of settling; null before it has one.</summary>
    public long? Settlement;

    /// <summary>The last checkpoint in the file.</summary>
    public long StoredOutput;

    /// <summary>It is pending, for the next batch.</summary>
    public bool IsQueued;

    /// <summary>It is in the batch being written.</summary>
    public bool IsTaken;

    /// <summary>Nothing is left to write.</summary>
    public bool IsFinished;

    /// <summary>Its caller was told that it is not durable, and is not told otherwise later.</summary>
    public bool HasFailed;

    public bool WaitsDurable;
    public bool WaitsSettled;
}

/// <summary>How the caller waits for a write.</summary>
internal enum WriteStatus
{
    Done,
    Pending,
    Failed,
}
