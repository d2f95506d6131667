namespace NexLlm.Dashboard.Usage.RollUp;

/// <summary>What an account, or all of them together, used of a model in one of the periods (UTC): <see cref="UsageQuarter"/> summed up.</summary>
public sealed class ModelUsage
{
    /// <summary>Stands in the place of an account for all of them.</summary>
    public const long Everybody = 0;

    /// <summary>The periods that are kept.</summary>
    internal static readonly UsagePeriod[] Periods = [UsagePeriod.Quarter, UsagePeriod.HalfHour, UsagePeriod.Hour];

    public UsagePeriod Period { get; init; }

    public DateTimeOffset Start { get; init; }

    public long AccountId { get; init; }

    public required string Model { get; init; }

    public long Requests { get; init; }

    public long InputTokens { get; init; }

    public long OutputTokens { get; init; }

    public long ChargedTokens { get; init; }
}
