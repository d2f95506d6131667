using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;

namespace NexLlm.Dashboard.Keys;

// What changes nothing.
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

    /// <summary>How many of the actor's live keys each chip shows.</summary>
    public async Task<KeyCounts> CountAsync(Actor actor, string? search, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var now = clock.GetUtcNow();
        var acting = await db.RequireAsync(actor, now, cancellation);
        return await db.CountsAsync(acting.Id, search, now, cancellation);
    }

    /// <summary>A live key, or null if there is none with this id that the actor may see.</summary>
    public async Task<KeyDetails?> FindAsync(Actor actor, long id, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var acting = await db.RequireAsync(actor, clock.GetUtcNow(), cancellation);
        var found = await db.DetailsAsync(
            k => k.Id == id && k.DeletedAt == null && (k.OwnerId == acting.Id || acting.IsAdministrator), cancellation);
        return found.SingleOrDefault();
    }

    /// <summary>Those of these live keys that are still there and that the actor may see, in no order.</summary>
    public async Task<IReadOnlyList<KeyDetails>> FindManyAsync(Actor actor, IReadOnlyCollection<long> ids, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var acting = await db.RequireAsync(actor, clock.GetUtcNow(), cancellation);
        return await db.DetailsAsync(
            k => ids.Contains(k.Id) && k.DeletedAt == null && (k.OwnerId == acting.Id || acting.IsAdministrator), cancellation);
    }

    /// <summary>What a replacement starts from: one of the actor's own keys, live or deleted but not yet beyond undoing.</summary>
    public async Task<KeyDetails?> FindForReplacementAsync(Actor actor, long id, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var acting = await db.RequireAsync(actor, clock.GetUtcNow(), cancellation);
        return (await db.DetailsAsync(k => k.Id == id && k.OwnerId == acting.Id && k.PurgedAt == null, cancellation)).SingleOrDefault();
    }

    /// <summary>Whether the actor could give this name to a new key, so that the wizard can say so before the last step.</summary>
    public async Task<bool> IsNameFreeAsync(Actor actor, string name, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var acting = await db.RequireAsync(actor, clock.GetUtcNow(), cancellation);
        return !await KeyCheck.IsTakenAsync(db, acting.Id, name, except: null, cancellation);
    }

    /// <summary>What these keys are called, the deleted ones too, as far as the actor may see them.</summary>
    public async Task<IReadOnlyDictionary<long, KeyLabel>> NamesAsync(Actor actor, IReadOnlyCollection<long> ids, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var acting = await db.RequireAsync(actor, clock.GetUtcNow(), cancellation);
        return await db.Set<ApiKey>().Where(k => ids.Contains(k.Id) && (k.OwnerId == acting.Id || acting.IsAdministrator))
            .ToDictionaryAsync(k => k.Id, k => new KeyLabel(k.Name, k.DeletedAt is not null), cancellation);
    }

    /// <summary>The actor's live keys that used the most, in this order; those that used nothing are left out.</summary>
    public async Task<IReadOnlyList<KeyDetails>> ListMostUsedAsync(Actor actor, int count, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var acting = await db.RequireAsync(actor, clock.GetUtcNow(), cancellation);
        var ids = await db.Live(acting.Id).Where(k => k.UsedTokens > 0)
            .OrderByDescending(k => k.UsedTokens).ThenBy(k => k.Id).Take(count).Select(k => k.Id).ToListAsync(cancellation);
        return [.. (await db.DetailsAsync(k => ids.Contains(k.Id), cancellation)).OrderByDescending(k => k.Quota.Used).ThenBy(k => k.Id)];
    }

    /// <summary>
    /// The key that a pasted secret or a display form belongs to; for a secret deleted ones too, as long as they can be brought
    /// back. Null if it is nobody's, or not the actor's to see.
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

        // One's own first, should two people's keys ever look alike.
        return (await db.DetailsAsync(
                k => k.DisplayForm == text && k.DeletedAt == null && (k.OwnerId == acting.Id || acting.IsAdministrator), cancellation))
            .MaxBy(k => k.OwnerId == acting.Id);
    }

    /// <summary>The actor's deleted keys that can still be brought back, the last deleted first.</summary>
    public async Task<IReadOnlyList<KeyDetails>> ListDeletedAsync(Actor actor, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var now = clock.GetUtcNow();
        var acting = await db.RequireAsync(actor, now, cancellation);
        var since = now - options.Value.UndoWindow;
        var deleted = await db.DetailsAsync(k => k.OwnerId == acting.Id && k.DeletedAt > since && k.PurgedAt == null, cancellation);
        return [.. deleted.OrderByDescending(k => k.DeletedAt).ThenByDescending(k => k.Id)];
    }

    /// <summary>The key that the actor's request made, deleted or not; null if it made none, or one that is beyond undoing.</summary>
    public async Task<KeyDetails?> FindCreatedAsync(Actor actor, Guid requestId, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var acting = await db.RequireAsync(actor, clock.GetUtcNow(), cancellation);
        return (await db.DetailsAsync(
            k => k.OwnerId == acting.Id && k.CreateRequestId == requestId && k.PurgedAt == null, cancellation)).SingleOrDefault();
    }
}
