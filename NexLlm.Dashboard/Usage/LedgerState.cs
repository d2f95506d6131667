namespace NexLlm.Dashboard.Usage;

/// <summary>One row: how far the counters follow the charges, so that a start reads only what came after.</summary>
public sealed class LedgerState
{
    public const long OnlyId = 1;

    public long Id { get; init; } = OnlyId;

    /// <summary>Counters and roll-up hold every settlement up to this one and none after.</summary>
    public long Watermark { get; init; }

    /// <summary>Every charge with a smaller id is settled, and the counters hold it.</summary>
    public long OldestOpenId { get; init; } = 1;

    /// <summary>Charges that were settled before this instant may have been pruned.</summary>
    public DateTimeOffset PrunedBefore { get; init; }
}
