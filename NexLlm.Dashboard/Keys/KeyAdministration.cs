using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Keys;

/// <summary>
/// Other people's keys, as administrators see them. Administrators disable and delete keys through
/// <see cref="KeyPolicyService"/>.
/// </summary>
/// <remarks>Every operation throws <see cref="AccessDeniedException"/> unless the actor is an administrator.</remarks>
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

    /// <summary>Live keys of any owner whose names match the search, sorted by owner.</summary>
    /// <param name="search">As in <see cref="KeyQuery"/>; blank finds nothing.</param>
    /// <param name="most">The maximum number of results.</param>
    public async Task<IReadOnlyList<FoundKey>> FindAsync(Actor actor, string? search, int most, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await db.RequireAdministratorAsync(actor, clock.GetUtcNow(), cancellation);
        if (string.IsNullOrWhiteSpace(search))
        {
            return [];
        }

        // Sorted like the list's index, which covers the query, so that the walk ends with the last requested key.
        var ids = await db.Set<ApiKey>().Where(k => k.DeletedAt == null).Matching(search)
            .OrderBy(k => k.OwnerId).Select(k => k.Id).Take(most).ToListAsync(cancellation);
        var found = (await db.DetailsAsync(k => ids.Contains(k.Id), cancellation)).ToDictionary(k => k.Id);
        var owners = found.Values.Select(k => k.OwnerId).Distinct().ToList();
        var emails = await db.Users.Where(a => owners.Contains(a.Id)).ToDictionaryAsync(a => a.Id, a => a.Email!, cancellation);
        return [.. ids.Where(found.ContainsKey).Select(id => new FoundKey(found[id], emails[found[id].OwnerId]))];
    }

    /// <summary>The number of live keys per account; accounts without keys are omitted.</summary>
    public async Task<IReadOnlyDictionary<long, int>> CountAsync(Actor actor, IReadOnlyCollection<long> ownerIds, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await db.RequireAdministratorAsync(actor, clock.GetUtcNow(), cancellation);
        return await db.Set<ApiKey>().Where(k => ownerIds.Contains(k.OwnerId) && k.DeletedAt == null)
            .GroupBy(k => k.OwnerId).Select(keys => new { keys.Key, Count = keys.Count() })
            .ToDictionaryAsync(keys => keys.Key, keys => keys.Count, cancellation);
    }
}
