namespace NexLlm.Dashboard.Usage.RollUp;

/// <summary>What a key used in one of the periods (UTC), whatever the model: <see cref="UsageQuarter"/> summed up.</summary>
public sealed class KeyUsage : UsageSummary
{
    /// <summary>The periods that are kept.</summary>
    internal static readonly UsagePeriod[] Periods = [UsagePeriod.Quarter, UsagePeriod.HalfHour, UsagePeriod.Hour, UsagePeriod.Day];

    public UsagePeriod Period { get; init; }

    public DateTimeOffset Start { get; init; }

    public long AccountId { get; init; }

    public long KeyId { get; init; }
}
