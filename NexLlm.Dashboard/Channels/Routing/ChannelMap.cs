using System.Collections.Frozen;

namespace NexLlm.Dashboard.Channels.Routing;

/// <summary>Where every group leads, at one moment. Immutable; <see cref="ChannelDirectory"/> swaps it as a whole.</summary>
public sealed class ChannelMap
{
    private readonly FrozenDictionary<long, GroupRoutes> _groups;

    internal ChannelMap(IEnumerable<GroupRoutes> groups, IEnumerable<LiveChannel> channels, IEnumerable<long> withoutKey)
    {
        _groups = groups.ToFrozenDictionary(g => g.Id);
        Channels = [.. channels];
        WithoutKey = withoutKey.ToFrozenSet();
    }

    public static ChannelMap Empty { get; } = new([], [], []);

    /// <summary>Every channel that is on and can be used, of a group or of none.</summary>
    public IReadOnlyList<LiveChannel> Channels { get; }

    /// <summary>Every channel that is on and cannot be used, because its provider key cannot be read.</summary>
    public FrozenSet<long> WithoutKey { get; }

    /// <summary>Every group that is on.</summary>
    public IReadOnlyList<GroupRoutes> Groups => _groups.Values;

    /// <summary>Null for a group that is off or does not exist.</summary>
    public GroupRoutes? Group(long id) => _groups.GetValueOrDefault(id);
}

/// <summary>What a group serves, and by which channels. Immutable.</summary>
public sealed class GroupRoutes
{
    private readonly FrozenDictionary<string, ModelRoutes>.AlternateLookup<ReadOnlySpan<char>> _models;

    internal GroupRoutes(ChannelGroup stored, IEnumerable<ModelRoutes> models)
    {
        Id = stored.Id;
        Name = stored.Name;
        RatioMillionths = stored.RatioMillionths;
        var byName = models.ToFrozenDictionary(m => m.Model, StringComparer.Ordinal);
        Models = byName.Keys.ToFrozenSet(StringComparer.Ordinal);
        _models = byName.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public long Id { get; }

    public string Name { get; }

    /// <summary>What a token costs here, in millionths of a charged token.</summary>
    public long RatioMillionths { get; }

    /// <summary>The ids of the models that the group serves.</summary>
    public FrozenSet<string> Models { get; }

    /// <summary>Exact and case-sensitive; null if the group does not serve the model. Allocates nothing.</summary>
    public ModelRoutes? Find(ReadOnlySpan<char> model) => _models.TryGetValue(model, out var routes) ? routes : null;
}
