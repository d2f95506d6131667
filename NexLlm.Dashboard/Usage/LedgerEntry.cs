namespace NexLlm.Dashboard.Usage;

/// <summary>
/// The persistence state of a ticket. Guarded by the queue's lock, except <see cref="Taken"/>, <see cref="Settlement"/> and
/// <see cref="StoredOutput"/>, which belong to the writer's thread.
/// </summary>
internal struct LedgerEntry
{
    public long Id;

    /// <summary>The desired state in the file.</summary>
    public ChargeState Wanted;

    /// <summary>The state in the batch being written.</summary>
    public ChargeState Taken;

    /// <summary>The state in the file; null while it has no row.</summary>
    public ChargeState? Stored;

    /// <summary>The settlement number; null until assigned.</summary>
    public long? Settlement;

    /// <summary>The last checkpoint in the file.</summary>
    public long StoredOutput;

    /// <summary>Whether it is pending for the next batch.</summary>
    public bool IsQueued;

    /// <summary>Whether it is in the batch being written.</summary>
    public bool IsTaken;

    /// <summary>Whether nothing remains to be written.</summary>
    public bool IsFinished;

    /// <summary>Whether its caller was told that it isn't durable; this result is final.</summary>
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
