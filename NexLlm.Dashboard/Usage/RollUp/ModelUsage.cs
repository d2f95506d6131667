namespace NexLlm.Dashboard.Usage.RollUp;

/// <summary>The usage of a model by one account, or by all of them, in one of the periods (UTC): the sum of <see cref="UsageQuarter"/>.</summary>
public sealed class ModelUsage : UsageSummary
{
    /// <summary>The account id that represents all accounts.</summary>
    public const long Everybody = 0;

    /// <summary>The stored periods.</summary>
    internal static readonly UsagePeriod[] Periods = [UsagePeriod.Quarter, UsagePeriod.HalfHour, UsagePeriod.Hour];

    public UsagePeriod Period { get; init; }

    public DateTimeOffset Start { get; init; }

    public long AccountId { get; init; }

    public required string Model { get; init; }
}
