namespace NexLlm.Dashboard.Channels.Routing;

/// <summary>One route to a model: a channel and the model's ID there.</summary>
/// <param name="UpstreamModel">The model ID sent to the provider.</param>
/// <param name="Price">What a request to this channel is charged if the response reports no tokens; null if no price is set.</param>
public sealed record RouteTarget(LiveChannel Channel, string UpstreamModel, ModelPrice? Price = null);

/// <summary>All routes to a model within a group. Immutable.</summary>
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

    /// <summary>The model ID used by clients.</summary>
    public string Model { get; }

    /// <summary>The maximum prompt size: the largest context window of all targets; null if any is unknown.</summary>
    public int? ContextTokens { get; }

    /// <summary>The prompt size that fits every target; null if any context window is unknown.</summary>
    public int? MinContextTokens { get; }

    /// <summary>The output tokens that every target allows, as far as known; null if no limit is known.</summary>
    public int? MaxOutputTokens { get; }

    /// <summary>The most output tokens any target produces when the request sets no limit; null if any is unknown.</summary>
    public int? LargestOutputTokens { get; }

    /// <summary>Highest priority first.</summary>
    public IReadOnlyList<RouteTarget> Targets { get; }

    /// <summary>The targets grouped by priority, highest first.</summary>
    internal RouteTarget[][] Tiers { get; }

    /// <summary>
    /// The endpoints for a message: "POST /v1/chat/completions or /v1/responses". For models with text output, only the text endpoints.
    /// </summary>
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

    /// <summary>Whether any target supports the API.</summary>
    public bool Speaks(UpstreamApi api) => (_apis & (1 << (int)api)) != 0;

    /// <summary>Whether clients can call the model with the API. If no target counts tokens, the gateway does.</summary>
    public bool Serves(UpstreamApi api) => Speaks(api) || (api is UpstreamApi.CountTokens && Speaks(UpstreamApi.Messages));
}
