namespace NexLlm.Dashboard.Usage;

/// <summary>
/// The persistence state of a ticket. Guarded by the queue's lock, except <see cref="Taken"/>, <see cref="Settlement"/> and
/// <see cref="StoredOutput"/>, which belong to the writer's thread.
/// </summary>
internal struct LedgerEntry
{
    public long Id;

    /// <summary>The desired state in the database.</summary>
    public ChargeState Wanted;

    /// <summary>The state in the batch being written.</summary>
    public ChargeState Taken;

    /// <summary>The state in the database; null while it has no row.</summary>
    public ChargeState? Stored;

    /// <summary>Whether the outcome of a write is unknown, so the file may be in a later state than <see cref="Stored"/>.</summary>
    public bool MayBeStored;

    /// <summary>The settlement number; null until assigned.</summary>
    public long? Settlement;

    /// <summary>The last checkpoint in the database.</summary>
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

    /// <summary>Whether the batch being written changes nothing: the file has the state, or an abandoned charge has no row.</summary>
    public readonly bool IsUpToDate => Taken == (Stored ?? ChargeState.Abandoned) && !MayBeStored;

    /// <summary>Whether nothing of it can be in the file, now or once the batch being written has ended.</summary>
    public readonly bool HasNoRow => Stored is null && !IsTaken && !MayBeStored;
}

/// <summary>How the caller waits for a write.</summary>
internal enum WriteStatus
{
    Done,
    Pending,
    Failed,
}
