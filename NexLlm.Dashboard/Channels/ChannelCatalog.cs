using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Channels;

/// <summary>The options of a key: the groups, and the models that their enabled channels serve.</summary>
public sealed class ChannelCatalog(IDbContextFactory<NexLlmDbContext> contexts, TimeProvider clock)
{
    /// <summary>The groups available to keys: <c>default</c> first, then by name.</summary>
    /// <exception cref="AccessDeniedException">The actor's session has ended.</exception>
    public async Task<IReadOnlyList<GroupOffer>> ListGroupsAsync(Actor actor, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await db.RequireAsync(actor, clock.GetUtcNow(), cancellation);
        var groups = await db.Set<ChannelGroup>().AsNoTracking()
            .Where(g => g.IsEnabled)
            .Select(g => new
            {
                g.Id,
                g.Name,
                g.Description,
                g.RatioMillionths,
                Models = g.Channels.Where(c => c.IsEnabled).SelectMany(c => c.Models).Select(m => m.Name).ToList(),
            })
            .AsSplitQuery()
            .ToListAsync(cancellation);
        return [.. groups
            .OrderBy(g => g.Name != ChannelGroup.DefaultName).ThenBy(g => g.Name, StringComparer.OrdinalIgnoreCase)
            .Select(g => new GroupOffer(
                g.Id, g.Name, g.Description, (decimal)g.RatioMillionths / ChannelGroup.RatioOne, [.. g.Models.Distinct().Order(StringComparer.Ordinal)]))];
    }
}

/// <summary>A group as offered in the key form.</summary>
/// <param name="Id">The group's ID.</param>
/// <param name="Name">The group's name.</param>
/// <param name="Description">The group's description; null if there is none.</param>
/// <param name="Ratio">The price ratio; 1 is the standard price.</param>
/// <param name="Models">The models served by the group's enabled channels, sorted.</param>
public sealed record GroupOffer(long Id, string Name, string? Description, decimal Ratio, IReadOnlyList<string> Models);

internal static class ChannelQueries
{
    /// <summary>Excludes deleted rows.</summary>
    public static IQueryable<Channel> LiveChannels(this NexLlmDbContext db) => db.Set<Channel>().Where(c => c.DeletedAt == null);

    /// <summary>Includes the APIs, models and groups.</summary>
    public static IQueryable<Channel> Whole(this IQueryable<Channel> channels) =>
        channels.Include(c => c.Apis).Include(c => c.Models).Include(c => c.Groups).AsSplitQuery();

    /// <inheritdoc cref="LiveChannels"/>
    public static IQueryable<ChannelGroup> LiveGroups(this NexLlmDbContext db) => db.Set<ChannelGroup>().Where(g => g.DeletedAt == null);

    /// <summary>The models served by the enabled channels of a group.</summary>
    public static IQueryable<string> ModelsOf(this NexLlmDbContext db, long groupId) =>
        db.Set<ChannelGroup>().Where(g => g.Id == groupId)
            .SelectMany(g => g.Channels).Where(c => c.IsEnabled)
            .SelectMany(c => c.Models).Select(m => m.Name).Distinct();
}
