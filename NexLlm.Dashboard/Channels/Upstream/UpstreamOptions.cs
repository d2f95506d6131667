using System.ComponentModel.DataAnnotations;

namespace NexLlm.Dashboard.Channels.Upstream;

/// <summary>Section <c>Upstream</c>: how long an upstream is waited for. Kept to the second.</summary>
public sealed record UpstreamOptions
{
    public const string Section = "Upstream";

    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Until the answer begins. Long, because an answer in one piece begins when all of it is made.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan FirstByteTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Between two parts of an answer.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(2);
}
