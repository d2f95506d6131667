using NexLlm.Dashboard.Channels.Routing;

namespace NexLlm.Dashboard.Channels.Administration;

/// <summary>Applies a committed change to the routes of requests, then notifies subscribers.</summary>
public sealed class ChannelActivation(ChannelDirectory directory, ChannelChanges changes)
{
    /// <summary>Not cancellable: a client that disconnects after the commit must not leave requests on outdated routes.</summary>
    public async Task FollowAsync()
    {
        await directory.ReloadAsync(CancellationToken.None);
        changes.Publish(new());
    }
}
