using NexLlm.Dashboard.Channels.Routing;

namespace NexLlm.Dashboard.Channels.Administration;

/// <summary>Makes requests follow what was just committed, and tells those who look at it.</summary>
public sealed class ChannelActivation(ChannelDirectory directory, ChannelChanges changes)
{
    /// <summary>Cannot be cancelled: whoever leaves after the commit must not leave requests on the old ways.</summary>
    public async Task FollowAsync()
    {
        await directory.ReloadAsync(CancellationToken.None);
        changes.Publish(new());
    }
}
