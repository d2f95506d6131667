namespace NexLlm.Dashboard.Channels.Routing;

/// <summary>
/// Predicts whether a model would answer, for previews, explanations and lists. Not used for enforcement: the gateway relies on the
/// circuits alone and sends requests even if the last check failed.
/// </summary>
public static class ModelHealth
{
    /// <summary>The best status of the channels that support the API, or of all channels if null; null if there are none.</summary>
    public static ChannelStatus? Health(this ModelRoutes routes, UpstreamApi? api = null) => routes.Targets
        .Where(target => api is null || target.Channel.Speaks(api.Value))
        .Min(target => (ChannelStatus?)target.Channel.Health.Status);

    /// <summary>The time until the first channel that supports the API is tried again; null unless all of them are paused.</summary>
    public static TimeSpan? BackIn(this ModelRoutes routes, UpstreamApi api, DateTimeOffset now)
    {
        TimeSpan? first = null;
        foreach (var channel in routes.Targets.Select(target => target.Channel).Where(channel => channel.Speaks(api)))
        {
            if (channel.Health.RestsUntil - now is not { } wait)
            {
                return null;
            }

            first = wait < (first ?? TimeSpan.MaxValue) ? wait : first;
        }

        return first;
    }

    /// <summary>Whether requests are likely to be answered. An unknown status counts as usable.</summary>
    public static bool IsUsable(this ChannelStatus status) => status is ChannelStatus.Healthy or ChannelStatus.Unknown or ChannelStatus.Recovering;

    /// <summary>Worded for key owners, who see models but no channels.</summary>
    /// <param name="status">The status of the best channel; null if there is none.</param>
    public static string InWords(ChannelStatus? status) => status switch
    {
        ChannelStatus.Healthy => "A channel for this model is healthy.",
        ChannelStatus.Unknown => "A channel for this model is enabled.",
        ChannelStatus.Recovering => "A channel for this model is recovering.",
        ChannelStatus.Paused => "All channels for this model are paused after repeated failures.",
        ChannelStatus.KeyRejected => "The provider rejects the channel's key for this model.",
        ChannelStatus.Unreachable => "No channel for this model is reachable.",
        null => "No channel is available for this model.",
    };
}
