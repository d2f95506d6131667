using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Keys;

/// <summary>
/// Other people's keys, as administrators look at them. What they may do with one, disable and delete it, is what <see cref="KeyPolicyService"/>
/// lets them do.
/// </summary>
/// <remarks>Every operation throws <see cref="AccessDeniedException"/> unless an administrator asks.</remarks>
public sealed class KeyAdministration(IDbContextFactory<NexLlmDbContext> contexts, TimeProvider clock)
{
    /// <summary>A page of an account's live keys.</summary>
    public async Task<KeyPage> ListAsync(Actor actor, long ownerId, KeyQuery query, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var now = clock.GetUtcNow();
        await db.RequireAdministratorAsync(actor, now, cancellation);
        return await db.PageAsync(ownerId, query, now, cancellation);
    }

    /// <summary>Live keys whose names the search fits, whoever's they are, in the order of their owners.</summary>
    /// <param name="search">As in <see cref="KeyQuery"/>; blank finds nothing.</param>
    /// <param name="most">How many are enough.</param>
    public async Task<IReadOnlyList<FoundKey>> FindAsync(Actor actor, string? search, int most, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await db.RequireAdministratorAsync(actor, clock.GetUtcNow(), cancellation);
        if (string.IsNullOrWhiteSpace(search))
        {
            return [];
        }

        // In the order of the list's index, which holds all that is asked for: the walk ends with the last one that is wanted.
        var ids = await db.Set<ApiKey>().Where(k => k.DeletedAt == null).Matching(search)
            .OrderBy(k => k.OwnerId).Select(k => k.Id).Take(most).ToListAsync(cancellation);
        var found = (await db.DetailsAsync(k => ids.Contains(k.Id), cancellation)).ToDictionary(k => k.Id);
        var owners = found.Values.Select(k => k.OwnerId).Distinct().ToList();
        var emails = await db.Users.Where(a => owners.Contains(a.Id)).ToDictionaryAsync(a => a.Id, a => a.Email!, cancellation);
        return [.. ids.Where(found.ContainsKey).Select(id => new FoundKey(found[id], emails[found[id].OwnerId]))];
    }

    /// <summary>How many live keys each of these accounts has; an account that has none is left out.</summary>
    public async Task<IReadOnlyDictionary<long, int>> CountAsync(Actor actor, IReadOnlyCollection<long> ownerIds, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await db.RequireAdministratorAsync(actor, clock.GetUtcNow(), cancellation);
        return await db.Set<ApiKey>().Where(k => ownerIds.Contains(k.OwnerId) && k.DeletedAt == null)
            .GroupBy(k => k.OwnerId).Select(keys => new { keys.Key, Count = keys.Count() })
            .ToDictionaryAsync(keys => keys.Key, keys => keys.Count, cancellation);
    }
}
