namespace NexLlm.Dashboard.Usage;

/// <summary>A single row that records how far the counters follow the charges, so that startup reads only later ones.</summary>
public sealed class LedgerState
{
    public const long OnlyId = 1;

    public long Id { get; init; } = OnlyId;

    /// <summary>Counters and roll-up include every settlement up to this one and none after it.</summary>
    public long Watermark { get; init; }

    /// <summary>Every charge with a smaller id is settled and included in the counters.</summary>
    public long OldestOpenId { get; init; } = 1;

    /// <summary>Charges settled before this instant may have been pruned.</summary>
    public DateTimeOffset PrunedBefore { get; init; }
}
