namespace NexLlm.Dashboard.Usage.RollUp;

/// <summary>A key's usage of all models in one of the periods (UTC), the sum of <see cref="UsageQuarter"/>.</summary>
public sealed class KeyUsage : UsageSummary
{
    /// <summary>The stored periods.</summary>
    internal static readonly UsagePeriod[] Periods = [UsagePeriod.Quarter, UsagePeriod.HalfHour, UsagePeriod.Hour, UsagePeriod.Day];

    public UsagePeriod Period { get; init; }

    public DateTimeOffset Start { get; init; }

    public long AccountId { get; init; }

    public long KeyId { get; init; }
}
