using NexLlm.Dashboard.Events;

namespace NexLlm.Dashboard.Channels.Routing;

/// <summary>Tells whoever listens in this process that the status of some channel is another one now. What only time changes is not told: read every few seconds, too.</summary>
public sealed class ChannelHealthChanges : Changes<ChannelHealthChanged>
{
    /// <summary>Set while a channel waits for a check because a request to it failed. Read by <see cref="Upstream.ChannelHealthMonitor"/>.</summary>
    internal event Action? Suspected;

    internal void Suspect() => Suspected?.Invoke();
}

/// <summary>What does how is read anew: there are few channels.</summary>
public sealed record ChannelHealthChanged;
