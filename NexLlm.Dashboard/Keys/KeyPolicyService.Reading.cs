using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;

namespace NexLlm.Dashboard.Keys;

// Read-only operations.
public sealed partial class KeyPolicyService
{
    /// <summary>A page of the actor's live keys.</summary>
    public async Task<KeyPage> ListAsync(Actor actor, KeyQuery query, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var now = clock.GetUtcNow();
        var acting = await db.RequireAsync(actor, now, cancellation);
        return await db.PageAsync(acting.Id, query, now, cancellation);
    }

    /// <summary>The number of the actor's live keys per filter chip.</summary>
    public async Task<KeyCounts> CountAsync(Actor actor, string? search, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var now = clock.GetUtcNow();
        var acting = await db.RequireAsync(actor, now, cancellation);
        return await db.CountsAsync(acting.Id, search, now, cancellation);
    }

    /// <summary>A live key; null if the actor can see none with this id.</summary>
    public async Task<KeyDetails?> FindAsync(Actor actor, long id, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var acting = await db.RequireAsync(actor, clock.GetUtcNow(), cancellation);
        var found = await db.DetailsAsync(
            k => k.Id == id && k.DeletedAt == null && (k.OwnerId == acting.Id || acting.IsAdministrator), cancellation);
        return found.SingleOrDefault();
    }

    /// <summary>The requested live keys that still exist and that the actor can see, unordered.</summary>
    public async Task<IReadOnlyList<KeyDetails>> FindManyAsync(Actor actor, IReadOnlyCollection<long> ids, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var acting = await db.RequireAsync(actor, clock.GetUtcNow(), cancellation);
        return await db.DetailsAsync(
            k => ids.Contains(k.Id) && k.DeletedAt == null && (k.OwnerId == acting.Id || acting.IsAdministrator), cancellation);
    }

    /// <summary>The template of a replacement: one of the actor's own keys, live or still restorable.</summary>
    public async Task<KeyDetails?> FindForReplacementAsync(Actor actor, long id, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var acting = await db.RequireAsync(actor, clock.GetUtcNow(), cancellation);
        return (await db.DetailsAsync(k => k.Id == id && k.OwnerId == acting.Id && k.PurgedAt == null, cancellation)).SingleOrDefault();
    }

    /// <summary>Whether the actor could give this name to a new key, so that the wizard can report it before the last step.</summary>
    public async Task<bool> IsNameFreeAsync(Actor actor, string name, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var acting = await db.RequireAsync(actor, clock.GetUtcNow(), cancellation);
        return !await KeyCheck.IsTakenAsync(db, acting.Id, name, except: null, cancellation);
    }

    /// <summary>The names of these keys, including deleted ones, as far as the actor can see them.</summary>
    public async Task<IReadOnlyDictionary<long, KeyLabel>> NamesAsync(Actor actor, IReadOnlyCollection<long> ids, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var acting = await db.RequireAsync(actor, clock.GetUtcNow(), cancellation);
        return await db.Set<ApiKey>().Where(k => ids.Contains(k.Id) && (k.OwnerId == acting.Id || acting.IsAdministrator))
            .ToDictionaryAsync(k => k.Id, k => new KeyLabel(k.Name, k.DeletedAt is not null), cancellation);
    }

    /// <summary>The actor's most used live keys, in descending order; unused ones are omitted.</summary>
    public async Task<IReadOnlyList<KeyDetails>> ListMostUsedAsync(Actor actor, int count, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var acting = await db.RequireAsync(actor, clock.GetUtcNow(), cancellation);
        var ids = await db.Live(acting.Id).Where(k => k.UsedTokens > 0)
            .OrderByDescending(k => k.UsedTokens).ThenBy(k => k.Id).Take(count).Select(k => k.Id).ToListAsync(cancellation);
        return [.. (await db.DetailsAsync(k => ids.Contains(k.Id), cancellation)).OrderByDescending(k => k.Quota.Used).ThenBy(k => k.Id)];
    }

    /// <summary>
    /// The key of a pasted secret or key prefix; for a secret, also a deleted key that can still be restored. Null if there is
    /// none or the actor can't see it.
    /// </summary>
    public async Task<KeyDetails?> RecogniseAsync(Actor actor, string pasted, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var acting = await db.RequireAsync(actor, clock.GetUtcNow(), cancellation);
        var text = pasted.Trim();
        if (KeySecret.TryParse(text, out var secret))
        {
            var hash = secret.Hash;
            return (await db.DetailsAsync(
                k => k.SecretHash == hash && k.PurgedAt == null && (k.OwnerId == acting.Id || acting.IsAdministrator), cancellation)).SingleOrDefault();
        }

        // The actor's own key first, in case the prefixes of two people's keys ever match.
        return (await db.DetailsAsync(
                k => k.DisplayForm == text && k.DeletedAt == null && (k.OwnerId == acting.Id || acting.IsAdministrator), cancellation))
            .MaxBy(k => k.OwnerId == acting.Id);
    }

    /// <summary>The actor's deleted keys that can still be restored, most recently deleted first.</summary>
    public async Task<IReadOnlyList<KeyDetails>> ListDeletedAsync(Actor actor, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var now = clock.GetUtcNow();
        var acting = await db.RequireAsync(actor, now, cancellation);
        var since = now - options.Value.UndoWindow;
        var deleted = await db.DetailsAsync(k => k.OwnerId == acting.Id && k.DeletedAt > since && k.PurgedAt == null, cancellation);
        return [.. deleted.OrderByDescending(k => k.DeletedAt).ThenByDescending(k => k.Id)];
    }

    /// <summary>The key created by the actor's request, deleted or not; null if it created none, or one that can no longer be restored.</summary>
    public async Task<KeyDetails?> FindCreatedAsync(Actor actor, Guid requestId, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var acting = await db.RequireAsync(actor, clock.GetUtcNow(), cancellation);
        return (await db.DetailsAsync(
            k => k.OwnerId == acting.Id && k.CreateRequestId == requestId && k.PurgedAt == null, cancellation)).SingleOrDefault();
    }
}
