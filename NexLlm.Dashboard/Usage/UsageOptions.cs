using System.ComponentModel.DataAnnotations;

namespace NexLlm.Dashboard.Usage;

/// <summary>Section <c>Usage</c> of the configuration.</summary>
public sealed record UsageOptions
{
    public const string Section = "Usage";

    /// <summary>How long charges are kept. The quarter-hour sums are kept forever.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan KeepCharges { get; init; } = TimeSpan.FromDays(90);
}
