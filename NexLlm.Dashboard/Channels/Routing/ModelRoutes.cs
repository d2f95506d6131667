namespace NexLlm.Dashboard.Channels.Routing;

/// <summary>One way to a model: a channel, and what the model is called there.</summary>
/// <param name="UpstreamModel">The id that is sent upstream.</param>
/// <param name="Price">What this channel's answers cost when they report no tokens; null if nobody said.</param>
public sealed record RouteTarget(LiveChannel Channel, string UpstreamModel, ModelPrice? Price = null);

/// <summary>All ways to one model of a group. Immutable.</summary>
public sealed class ModelRoutes
{
    private readonly int _apis;

    internal ModelRoutes(string model, IEnumerable<(LiveChannel Channel, ChannelModel Model)> served)
    {
        var byPriority = served.OrderByDescending(s => s.Channel.Priority).ThenBy(s => s.Channel.Id).ToList();
        Model = model;
        Targets = [.. byPriority.Select(s => new RouteTarget(s.Channel, s.Model.UpstreamName ?? model, s.Model.Price))];
        Tiers = [.. Targets.GroupBy(t => t.Channel.Priority).Select(tier => tier.ToArray())];
        ContextTokens = byPriority.All(s => s.Model.ContextTokens is not null) ? byPriority.Max(s => s.Model.ContextTokens) : null;
        MinContextTokens = byPriority.All(s => s.Model.ContextTokens is not null) ? byPriority.Min(s => s.Model.ContextTokens) : null;
        MaxOutputTokens = byPriority.Min(s => s.Model.MaxOutputTokens);
        LargestOutputTokens = byPriority.All(s => s.Model.MaxOutputTokens is not null) ? byPriority.Max(s => s.Model.MaxOutputTokens) : null;
        foreach (var api in UpstreamApis.All.Where(api => Targets.Any(t => t.Channel.Speaks(api))))
        {
            _apis |= 1 << (int)api;
        }
    }

    /// <summary>The id that programs send.</summary>
    public string Model { get; }

    /// <summary>The most that a prompt can be: the largest window of the targets; null as soon as one of theirs is unknown.</summary>
    public int? ContextTokens { get; }

    /// <summary>What fits into the window of every target; null as soon as one of theirs is unknown.</summary>
    public int? MinContextTokens { get; }

    /// <summary>The most output tokens that every target grants, as far as known; null if none is.</summary>
    public int? MaxOutputTokens { get; }

    /// <summary>The most output tokens that any target makes where none is asked for less; null as soon as one of theirs is unknown.</summary>
    public int? LargestOutputTokens { get; }

    /// <summary>Highest priority first.</summary>
    public IReadOnlyList<RouteTarget> Targets { get; }

    /// <summary>The targets by priority, highest first.</summary>
    internal RouteTarget[][] Tiers { get; }

    /// <summary>Where the model can be called, in words: "POST /v1/chat/completions or /v1/responses". Of a model that answers in text, only those.</summary>
    public string Endpoints
    {
        get
        {
            var spoken = UpstreamApis.All.Where(api => Speaks(api) && api is not UpstreamApi.CountTokens).ToList();
            var text = spoken.FindAll(api => api <= UpstreamApi.Messages);
            var paths = (text is [] ? spoken : text).ConvertAll(api => "/v1" + api.Path());
            return $"POST {string.Join(", ", paths.SkipLast(1))}{(paths.Count > 1 ? " or " : "")}{paths.LastOrDefault()}";
        }
    }

    /// <summary>Whether one of the targets can be asked in this way.</summary>
    public bool Speaks(UpstreamApi api) => (_apis & (1 << (int)api)) != 0;

    /// <summary>Whether programs can call the model in this way. Where no target counts tokens, the gateway does.</summary>
    public bool Serves(UpstreamApi api) => Speaks(api) || (api is UpstreamApi.CountTokens && Speaks(UpstreamApi.Messages));
}
