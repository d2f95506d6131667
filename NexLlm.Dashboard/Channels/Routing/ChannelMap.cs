using System.Collections.Frozen;

namespace NexLlm.Dashboard.Channels.Routing;

/// <summary>An immutable snapshot of all routes. <see cref="ChannelDirectory"/> replaces it as a whole.</summary>
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

    /// <summary>All enabled and usable channels, including those in no group.</summary>
    public IReadOnlyList<LiveChannel> Channels { get; }

    /// <summary>The enabled channels that are unusable because their provider key can't be decrypted.</summary>
    public FrozenSet<long> WithoutKey { get; }

    /// <summary>All enabled groups.</summary>
    public IReadOnlyList<GroupRoutes> Groups => _groups.Values;

    /// <summary>Returns null if the group is disabled or doesn't exist.</summary>
    public GroupRoutes? Group(long id) => _groups.GetValueOrDefault(id);
}

/// <summary>The models of a group and the channels that serve them. Immutable.</summary>
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

    /// <summary>The price of a token, in millionths of a charged token.</summary>
    public long RatioMillionths { get; }

    /// <summary>The model IDs the group serves.</summary>
    public FrozenSet<string> Models { get; }

    /// <summary>Exact and case-sensitive; null if the group doesn't serve the model. Allocates nothing.</summary>
    public ModelRoutes? Find(ReadOnlySpan<char> model) => _models.TryGetValue(model, out var routes) ? routes : null;
}
