namespace NexLlm.Dashboard.Usage.RollUp;

/// <summary>
/// A key's usage of one model in a quarter of an hour, the longest period from which the days of every time zone can be composed.
/// It is kept when the underlying charges are pruned.
/// </summary>
public sealed class UsageQuarter : UsageSummary
{
    /// <summary>The start of the quarter-hour in which the charges were settled.</summary>
    public DateTimeOffset Quarter { get; init; }

    public long KeyId { get; init; }

    public long GroupId { get; init; }

    public required string Model { get; init; }

    public long AccountId { get; init; }

    /// <summary>The number of requests whose tokens were not reported by the provider.</summary>
    public long CountedRequests { get; init; }
}
