using System.ComponentModel.DataAnnotations;

namespace NexLlm.Dashboard.Channels.Upstream;

/// <summary>Section <c>Upstream</c>: the timeouts for providers, accurate to a second.</summary>
public sealed record UpstreamOptions
{
    public const string Section = "Upstream";

    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The time until the response starts. Long, because a non-streaming response starts only when it is complete.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan FirstByteTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The time between two parts of a response.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(2);
}
