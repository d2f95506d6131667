using System.ComponentModel.DataAnnotations;

namespace NexLlm.Dashboard.Channels.Upstream;

/// <summary>Section <c>ChannelHealth</c>: how enabled channels are checked in the background.</summary>
public sealed record ChannelHealthOptions
{
    public const string Section = "ChannelHealth";

    /// <summary>If disabled, a channel's health is known only from requests and manual tests.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The time between two checks of a channel, extended randomly by up to a fifth to spread the checks.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "1.00:00:00")]
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a provider may take to answer a check.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The maximum number of concurrent checks.</summary>
    [Range(1, 64)]
    public int Concurrency { get; init; } = 4;
}
