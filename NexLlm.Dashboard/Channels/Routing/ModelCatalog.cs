using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Channels.Routing;

/// <summary>Lists the callable models of all enabled groups, since a key can use any group. Reads the same routes as requests.</summary>
public sealed class ModelCatalog(IDbContextFactory<NexLlmDbContext> contexts, ChannelDirectory directory, TimeProvider clock)
{
    /// <summary>Sorted by name. Only administrators see the channels.</summary>
    /// <exception cref="AccessDeniedException">The actor's session has ended.</exception>
    public async Task<IReadOnlyList<CatalogModel>> ListAsync(Actor actor, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var acting = await db.RequireAsync(actor, clock.GetUtcNow(), cancellation);
        return [.. directory.Current.Groups
            .SelectMany(group => group.Models, (group, model) => (Group: group, Routes: group.Find(model)!))
            .GroupBy(served => served.Routes.Model, StringComparer.Ordinal)
            .OrderBy(model => model.Key, StringComparer.Ordinal)
            .Select(model => Of(model.Key, [.. model], acting.IsAdministrator))];
    }

    private static CatalogModel Of(string name, List<(GroupRoutes Group, ModelRoutes Routes)> served, bool toAdministrator)
    {
        var targets = served.SelectMany(s => s.Routes.Targets).DistinctBy(t => t.Channel.Id).ToList();
        return new CatalogModel(
            name,
            [.. served.OrderBy(s => s.Group.Name != ChannelGroup.DefaultName).ThenBy(s => s.Group.Name, StringComparer.OrdinalIgnoreCase).Select(s => new CatalogGroup(
                s.Group.Id, s.Group.Name, (decimal)s.Group.RatioMillionths / ChannelGroup.RatioOne, s.Routes.Health() ?? ChannelStatus.Unknown))],
            [.. UpstreamApis.All.Where(api => served.Exists(s => s.Routes.Serves(api)))],
            served.Max(s => s.Routes.ContextTokens),
            served.Max(s => s.Routes.MaxOutputTokens),
            targets.Min(t => t.Channel.Health.Status),
            toAdministrator
                ? [.. targets.OrderByDescending(t => t.Channel.Priority).ThenBy(t => t.Channel.Name, StringComparer.OrdinalIgnoreCase).Select(t => new CatalogChannel(
                    t.Channel.Id, t.Channel.Name, t.UpstreamModel, t.Channel.Type, t.Channel.Priority, t.Price, t.Channel.Health.Status))]
                : []);
    }
}

/// <summary>A callable model.</summary>
/// <param name="Name">The model ID used by clients.</param>
/// <param name="Groups">The groups that serve it, <c>default</c> first, then by name; at least one.</param>
/// <param name="Apis">The APIs by which it can be called in at least one group.</param>
/// <param name="ContextTokens">The largest context window among the channels of all groups; null if unknown.</param>
/// <param name="MaxOutputTokens">The highest guaranteed limit on output tokens among the groups; null if unknown.</param>
/// <param name="Health">The status of the best channel.</param>
/// <param name="Channels">Highest priority first; empty unless the actor is an administrator.</param>
public sealed record CatalogModel(
    string Name,
    IReadOnlyList<CatalogGroup> Groups,
    IReadOnlyList<UpstreamApi> Apis,
    int? ContextTokens,
    int? MaxOutputTokens,
    ChannelStatus Health,
    IReadOnlyList<CatalogChannel> Channels);

/// <summary>A group that serves a model.</summary>
/// <param name="Ratio">The price of a token, in charged tokens.</param>
/// <param name="Health">The status of the group's best channel for this model.</param>
public sealed record CatalogGroup(long Id, string Name, decimal Ratio, ChannelStatus Health);

/// <summary>A channel that serves a model. Shown to administrators only.</summary>
/// <param name="UpstreamModel">The model ID sent to the provider.</param>
/// <param name="Price">What a request is charged if the response reports no tokens; null if no price is set.</param>
public sealed record CatalogChannel(long Id, string Name, string UpstreamModel, ChannelType Type, int Priority, ModelPrice? Price, ChannelStatus Health);
