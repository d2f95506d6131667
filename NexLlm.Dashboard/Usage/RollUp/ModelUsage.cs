namespace NexLlm.Dashboard.Usage.RollUp;

/// <summary>What an account, or all of them together, used of a model in one of the periods (UTC): <see cref="UsageQuarter"/> summed up.</summary>
public sealed class ModelUsage : UsageSummary
{
    /// <summary>The account id of all accounts together.</summary>
    public const long Everybody = 0;

    /// <summary>The periods that are kept.</summary>
    internal static readonly UsagePeriod[] Periods = [UsagePeriod.Quarter, UsagePeriod.HalfHour, UsagePeriod.Hour];

    public UsagePeriod Period { get; init; }

    public DateTimeOffset Start { get; init; }

    public long AccountId { get; init; }

    public required string Model { get; init; }
}
