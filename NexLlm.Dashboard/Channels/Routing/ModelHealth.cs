namespace NexLlm.Dashboard.Channels.Routing;

/// <summary>
/// Whether a model would be answered, for previews, explanations and lists. Enforcement knows nothing of it: the gateway asks the
/// channels' circuits only, and sends a request also where the last check found nobody.
/// </summary>
public static class ModelHealth
{
    /// <summary>The best status of the channels that can be asked in this way, or in any way if null; null if there is none.</summary>
    public static ChannelStatus? Health(this ModelRoutes routes, UpstreamApi? api = null) => routes.Targets
        .Where(target => api is null || target.Channel.Speaks(api.Value))
        .Min(target => (ChannelStatus?)target.Channel.Health.Status);

    /// <summary>How long until the first channel that can be asked in this way is tried again; null unless all of them are paused.</summary>
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

    /// <summary>Whether requests have a prospect of an answer. Where nothing is known they have.</summary>
    public static bool IsUsable(this ChannelStatus status) => status is ChannelStatus.Healthy or ChannelStatus.Unknown or ChannelStatus.Recovering;

    /// <summary>For the owner of a key, who knows models and no channels.</summary>
    /// <param name="status">Of the best channel; null if there is none.</param>
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
