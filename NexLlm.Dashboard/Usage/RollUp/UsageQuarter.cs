namespace NexLlm.Dashboard.Usage.RollUp;

/// <summary>
/// What a key used of one model in a quarter of an hour: as short as it takes for the days of every time zone to be made of whole
/// ones. It stays when the charges it sums up are pruned.
/// </summary>
public sealed class UsageQuarter : UsageSummary
{
    /// <summary>The beginning of the quarter in which the charges were settled.</summary>
    public DateTimeOffset Quarter { get; init; }

    public long KeyId { get; init; }

    public long GroupId { get; init; }

    public required string Model { get; init; }

    public long AccountId { get; init; }

    /// <summary>How many of the requests have tokens that the upstream did not report.</summary>
    public long CountedRequests { get; init; }
}
