namespace NexLlm.Dashboard.Usage.RollUp;

/// <summary>The sums that every table of the roll-up keeps.</summary>
public abstract class UsageSummary
{
    public long Requests { get; init; }

    public long InputTokens { get; init; }

    public long OutputTokens { get; init; }

    public long ChargedTokens { get; init; }
}
