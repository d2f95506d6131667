using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Channels.Administration;

/// <summary>A change of channels or groups that is about to be made.</summary>
public abstract record PlannedChange
{
    private PlannedChange()
    {
    }

    /// <summary>A channel is disabled or deleted.</summary>
    public sealed record ChannelOff(long Id) : PlannedChange;

    /// <summary>A channel is saved with these APIs, models and groups.</summary>
    public sealed record ChannelSaved(long Id, IReadOnlyList<UpstreamApi> Apis, IReadOnlyList<string> Models, IReadOnlyList<long> GroupIds) : PlannedChange;

    /// <summary>A group is disabled.</summary>
    public sealed record GroupOff(long Id) : PlannedChange;

    /// <summary>A group is saved with these members.</summary>
    public sealed record GroupSaved(long Id, IReadOnlyList<long> ChannelIds) : PlannedChange;
}

/// <summary>A model and an API by which clients can call it in a group.</summary>
public readonly record struct ServedCall(string Model, UpstreamApi Api);

/// <summary>What each group serves, either currently or after planned changes.</summary>
public sealed record ServedModels
{
    private readonly IReadOnlyList<ServingChannel> _channels;

    private ServedModels(IReadOnlyList<ServingChannel> channels, IReadOnlyList<ServingGroup> groups) => (_channels, Groups) = (channels, groups);

    /// <summary>All groups except deleted ones, including disabled ones; unordered.</summary>
    public IReadOnlyList<ServingGroup> Groups { get; private init; }

    internal static async Task<ServedModels> ReadAsync(NexLlmDbContext db, CancellationToken cancellation)
    {
        var channels = await db.LiveChannels().AsNoTracking().Where(c => c.IsEnabled).Whole().ToListAsync(cancellation);
        return new ServedModels(
            [.. channels.Select(c => new ServingChannel(c.Id, [.. c.Apis.Select(a => a.Api)], [.. c.Models.Select(m => m.Name)], [.. c.Groups.Select(g => g.Id)]))],
            await db.LiveGroups().Select(g => new ServingGroup(g.Id, g.Name, g.IsEnabled)).ToListAsync(cancellation));
    }

    public ServedModels After(PlannedChange change) => change switch
    {
        PlannedChange.ChannelOff(var id) => new([.. _channels.Where(c => c.Id != id)], Groups),
        PlannedChange.ChannelSaved(var id, var apis, var models, var groups) =>
            new([.. _channels.Select(c => c.Id == id ? new ServingChannel(id, apis, models, groups) : c)], Groups),
        PlannedChange.GroupOff(var id) => new(_channels, [.. Groups.Select(g => g.Id == id ? g with { IsEnabled = false } : g)]),
        PlannedChange.GroupSaved(var id, var members) => new([.. _channels.Select(c => c.In(id, members.Contains(c.Id)))], Groups),
        _ => throw new ArgumentOutOfRangeException(nameof(change)),
    };

    /// <summary>Empty if the group is disabled or unknown.</summary>
    public IReadOnlySet<ServedCall> CallsOf(long groupId) =>
        Groups.Any(g => g.Id == groupId && g.IsEnabled)
            ? _channels.Where(c => c.GroupIds.Contains(groupId)).SelectMany(c => c.Calls).ToHashSet()
            : new HashSet<ServedCall>();

    /// <summary>The models served by any group.</summary>
    public IReadOnlySet<string> Models() => Groups.SelectMany(g => CallsOf(g.Id)).Select(c => c.Model).ToHashSet(StringComparer.Ordinal);

    /// <summary>An enabled channel.</summary>
    private sealed record ServingChannel(long Id, IReadOnlyList<UpstreamApi> Apis, IReadOnlyList<string> Models, IReadOnlyList<long> GroupIds)
    {
        public IEnumerable<ServedCall> Calls => Apis.SelectMany(_ => Models, (api, model) => new ServedCall(model, api));

        public ServingChannel In(long group, bool isMember) =>
            this with { GroupIds = isMember ? [.. GroupIds.Append(group).Distinct()] : [.. GroupIds.Where(g => g != group)] };
    }
}

/// <summary>A group, and whether it is enabled.</summary>
public sealed record ServingGroup(long Id, string Name, bool IsEnabled);
