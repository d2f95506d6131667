using NexLlm.Dashboard.Events;

namespace NexLlm.Dashboard.Channels;

/// <summary>Notifies subscribers in this process of changed channels or groups, after the change has taken effect for requests.</summary>
public sealed class ChannelChanges : Changes<ChannelsChanged>;

/// <summary>Carries no details: there are few channels and groups, so subscribers reload all of them.</summary>
public sealed record ChannelsChanged;
