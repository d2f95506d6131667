using System.ComponentModel.DataAnnotations;

namespace NexLlm.Dashboard.Keys;

/// <summary>Section <c>Keys</c> of the configuration.</summary>
public sealed record ApiKeyOptions
{
    public const string Section = "Keys";

    /// <summary>The maximum number of live keys per account.</summary>
    [Range(1, 1_000_000)]
    public int MaxPerAccount { get; init; } = 1_000;

    /// <summary>How long a deleted key can be restored.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan UndoWindow { get; init; } = TimeSpan.FromHours(24);
}
