using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Channels.Routing;

/// <summary>What can be called: every model of every enabled group, since a key may choose any of these. Read from the routes that requests follow.</summary>
public sealed class ModelCatalog(IDbContextFactory<NexLlmDbContext> contexts, ChannelDirectory directory, TimeProvider clock)
{
    /// <summary>By name. Administrators also see the channels.</summary>
    /// <exception cref="AccessDeniedException">The actor's login is over.</exception>
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

/// <summary>A model that can be called.</summary>
/// <param name="Name">The id that programs send.</param>
/// <param name="Groups">That serve it, <c>default</c> first, then by name; at least one.</param>
/// <param name="Apis">By which it can be called in some group.</param>
/// <param name="ContextTokens">The largest context window of any group's channels; null if unknown.</param>
/// <param name="MaxOutputTokens">The most output tokens that can be relied on in some group; null if unknown.</param>
/// <param name="Health">Of the best channel.</param>
/// <param name="Channels">Highest priority first; empty for who is no administrator.</param>
public sealed record CatalogModel(
    string Name,
    IReadOnlyList<CatalogGroup> Groups,
    IReadOnlyList<UpstreamApi> Apis,
    int? ContextTokens,
    int? MaxOutputTokens,
    ChannelStatus Health,
    IReadOnlyList<CatalogChannel> Channels);

/// <summary>A group that serves a model.</summary>
/// <param name="Ratio">What a token costs there, in charged tokens.</param>
/// <param name="Health">Of its best channel for this model.</param>
public sealed record CatalogGroup(long Id, string Name, decimal Ratio, ChannelStatus Health);

/// <summary>A channel that serves a model, for administrators.</summary>
/// <param name="UpstreamModel">The id that is sent upstream.</param>
/// <param name="Price">What is charged when an answer reports no tokens; null if nobody said.</param>
public sealed record CatalogChannel(long Id, string Name, string UpstreamModel, ChannelType Type, int Priority, ModelPrice? Price, ChannelStatus Health);
