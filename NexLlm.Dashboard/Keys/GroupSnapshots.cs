using System.Collections.Frozen;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Keys;

/// <summary>The groups as used by the checks, rebuilt only when channels change.</summary>
public sealed class GroupSnapshots(ChannelDirectory channels)
{
    private Made _made = new(null, FrozenDictionary<long, GroupSnapshot>.Empty);

    /// <summary>Returns an empty group if it is disabled or unknown.</summary>
    public GroupSnapshot Of(long groupId)
    {
        var map = channels.Current;
        var made = _made;
        if (!ReferenceEquals(made.Map, map))
        {
            _made = made = new Made(map, map.Groups.ToFrozenDictionary(g => g.Id, g => new GroupSnapshot(g.Id, g.Name, g.Models)));
        }

        return made.Groups.TryGetValue(groupId, out var group) ? group : new GroupSnapshot(groupId, "", FrozenSet<string>.Empty);
    }

    private sealed record Made(ChannelMap? Map, FrozenDictionary<long, GroupSnapshot> Groups);
}
