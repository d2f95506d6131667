using NexLlm.Dashboard.Events;

namespace NexLlm.Dashboard.Channels.Routing;

/// <summary>
/// Notifies subscribers in this process when a channel's status changes. Changes caused
/// only by the passing of time aren't reported, so subscribers also poll every few seconds.
/// </summary>
public sealed class ChannelHealthChanges : Changes<ChannelHealthChanged>
{
    /// <summary>
    /// Raised when a request to a channel fails and the channel should be checked. Handled by <see cref="Upstream.ChannelHealthMonitor"/>.
    /// </summary>
    internal event Action? Suspected;

    internal void Suspect() => Suspected?.Invoke();
}

/// <summary>Carries no details: there are few channels, so subscribers reload all of them.</summary>
public sealed record ChannelHealthChanged;
