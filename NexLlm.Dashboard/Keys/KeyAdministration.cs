using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Audit;
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
