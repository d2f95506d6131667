using NexLlm.Dashboard.Events;

namespace NexLlm.Dashboard.Channels;

/// <summary>Tells whoever listens in this process that channels or groups were changed, after requests began to follow the change.</summary>
public sealed class ChannelChanges : Changes<ChannelsChanged>;

/// <summary>What was changed is read anew: there are few of them.</summary>
public sealed record ChannelsChanged;
