using System.ComponentModel.DataAnnotations;

namespace NexLlm.Dashboard.Logs.Writing;

/// <summary>Section <c>Logs</c> of the configuration.</summary>
public sealed record LogsOptions
{
    public const string Section = "Logs";

    /// <summary>How long request lines are kept.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan Keep { get; init; } = TimeSpan.FromDays(30);
}
