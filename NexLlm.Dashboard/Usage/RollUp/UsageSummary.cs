namespace NexLlm.Dashboard.Usage.RollUp;

/// <summary>The sums stored by every roll-up table.</summary>
public abstract class UsageSummary
{
    public long Requests { get; init; }

    public long InputTokens { get; init; }

    public long OutputTokens { get; init; }

    public long ChargedTokens { get; init; }
}
