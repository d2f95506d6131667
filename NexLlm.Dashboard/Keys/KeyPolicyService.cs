using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Keys;

/// <summary>
/// The only access to API keys, for pages and everything else. Every operation takes the actor, validates the session in the same
/// transaction, and affects only the actor's own keys. Administrators can also see, disable and delete other people's keys. To
/// everyone else, other people's keys don't exist.
/// </summary>
/// <remarks>
/// Every operation throws <see cref="AccessDeniedException"/> if the actor's session has ended or the account is disabled.
/// </remarks>
public sealed partial class KeyPolicyService(
    IDbContextFactory<NexLlmDbContext> contexts, TimeProvider clock, IOptions<ApiKeyOptions> options, KeyDirectory directory, KeyChanges changes)
{
    /// <summary>Creates a key for the actor, once per <see cref="CreateKey.RequestId"/>.</summary>
    public async Task<CreateOutcome> CreateAsync(Actor actor, CreateKey request, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var now = clock.GetUtcNow();
        var acting = await db.RequireAsync(actor, now, cancellation);
        var earlier = await db.DetailsAsync(k => k.OwnerId == acting.Id && k.CreateRequestId == request.RequestId, cancellation);
        if (earlier is [var made])
        {
            return new CreateOutcome.AlreadyCreated(made);
        }

        var check = new KeyCheck(db, acting.Id, now);
        var name = await check.NameAsync(request.Name, except: null, cancellation);
        check.Expiration(request.Policy.Expiration);
        check.Limit(request.Policy.TokenLimit);
        var group = await check.GroupAsync(request.Policy, before: null, cancellation);
        await check.RoomAsync(options.Value.MaxPerAccount, cancellation);
        if (check.Errors is not [])
        {
            return new CreateOutcome.Refused(check.Errors);
        }

        var secret = KeySecret.Generate();
        var key = new ApiKey
        {
            OwnerId = acting.Id,
            Name = name,
            NormalizedName = KeyName.Normalize(name),
            SecretHash = secret.Hash,
            DisplayForm = secret.DisplayForm,
            CreatedAt = now,
            CreateRequestId = request.RequestId,
            Version = 1,
        };
        key.Apply(request.Policy);
        db.Add(key);
        await db.SaveChangesAsync(cancellation);
        KeyAudit.Created(db, actor, now, key, group!.Name);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        directory.Learn(key.SecretHash);
        changes.Publish(new(acting.Id, [key.Id]));
        return new CreateOutcome.Created(key.Details(group.Name, group.RatioMillionths), secret);
    }

    /// <summary>Changes one of the actor's own live keys, unless it was changed since the actor read it.</summary>
    public async Task<EditOutcome> EditAsync(Actor actor, EditKey edit, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var now = clock.GetUtcNow();
        var acting = await db.RequireAsync(actor, now, cancellation);
        var key = await db.Set<ApiKey>().SingleOrDefaultAsync(
            k => k.Id == edit.Id && k.OwnerId == acting.Id && k.DeletedAt == null, cancellation);
        if (key is null)
        {
            return new EditOutcome.NotFound();
        }

        if (key.Version != edit.Version)
        {
            return new EditOutcome.Conflict((await db.DetailsAsync(k => k.Id == edit.Id, cancellation)).Single());
        }

        var check = new KeyCheck(db, acting.Id, now);
        var name = edit.Name is null ? key.Name : await check.NameAsync(edit.Name, except: key.Id, cancellation);
        if (edit.Expiration is { } expiration)
        {
            check.Expiration(expiration);
        }

        var before = key.Policy;
        var after = edit.Apply(before, check.Limit(edit.Quota, key.Quota with { Used = directory.UsedBy(key.Id) ?? key.UsedTokens }));
        var group = await check.GroupAsync(after, before, cancellation);
        if (check.Errors is not [])
        {
            return new EditOutcome.Refused(check.Errors);
        }

        await KeyAudit.EditedAsync(db, actor, now, key, name, after, cancellation);
        key.Name = name;
        key.NormalizedName = KeyName.Normalize(name);
        key.Apply(after);
        key.Version++;
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        changes.Publish(new(key.OwnerId, [key.Id]));
        return new EditOutcome.Saved(key.Details(group!.Name, group.RatioMillionths));
    }

    /// <summary>Enables or disables keys.</summary>
    /// <returns>The number of keys the actor may change, including those already in that state.</returns>
    public Task<int> SetEnabledAsync(Actor actor, IReadOnlyCollection<long> ids, bool enabled, CancellationToken cancellation = default) =>
        ChangeAsync(actor, ids, (db, key, now) =>
        {
            if (key.IsEnabled != enabled)
            {
                key.IsEnabled = enabled;
                key.Version++;
                AuditTrail.Record(db, actor, now, enabled ? AuditActions.KeyEnabled : AuditActions.KeyDisabled, key.OwnerId, key.Id);
            }
        }, cancellation);

    /// <summary>Deletes keys, which stops them immediately. Their owners can restore them for a while.</summary>
    /// <returns>The number of keys deleted, excluding those already deleted or not accessible to the actor.</returns>
    public Task<int> DeleteAsync(Actor actor, IReadOnlyCollection<long> ids, CancellationToken cancellation = default) =>
        ChangeAsync(actor, ids, (db, key, now) =>
        {
            key.DeletedAt = now;
            key.Version++;
            AuditTrail.Record(db, actor, now, AuditActions.KeyDeleted, key.OwnerId, key.Id);
        }, cancellation);

    /// <summary>
    /// Restores the actor's own deleted keys with the same secret and policy. If the name has been taken, it gets the suffix "
    /// (restored)".
    /// </summary>
    public async Task<RestoreOutcome> RestoreAsync(Actor actor, IReadOnlyCollection<long> ids, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var now = clock.GetUtcNow();
        var acting = await db.RequireAsync(actor, now, cancellation);
        var since = now - options.Value.UndoWindow;
        var keys = await db.Set<ApiKey>()
            .Where(k => ids.Contains(k.Id) && k.OwnerId == acting.Id && k.DeletedAt > since && k.PurgedAt == null)
            .OrderBy(k => k.Id).ToListAsync(cancellation);
        var room = options.Value.MaxPerAccount - await db.Live(acting.Id).CountAsync(cancellation);
        var restored = keys.Take(Math.Max(0, room)).ToList();
        foreach (var key in restored)
        {
            var name = await KeyCheck.FreeNameAsync(db, acting.Id, key.Name, cancellation);
            AuditTrail.Record(db, actor, now, AuditActions.KeyRestored, key.OwnerId, key.Id, new AuditChange("name", key.Name, name));
            key.Name = name;
            key.NormalizedName = KeyName.Normalize(name);
            key.DeletedAt = null;
            key.Version++;
            await db.SaveChangesAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
        changes.Publish(new(acting.Id, [.. restored.Select(k => k.Id)]));
        var back = restored.Select(k => k.Id).ToList();
        return new RestoreOutcome(
            await db.DetailsAsync(k => back.Contains(k.Id), cancellation), ids.Distinct().Count() - keys.Count, keys.Count - restored.Count);
    }

    private async Task<int> ChangeAsync(
        Actor actor, IReadOnlyCollection<long> ids, Action<NexLlmDbContext, ApiKey, DateTimeOffset> change, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var now = clock.GetUtcNow();
        var acting = await db.RequireAsync(actor, now, cancellation);
        var keys = await db.Set<ApiKey>()
            .Where(k => ids.Contains(k.Id) && k.DeletedAt == null && (k.OwnerId == acting.Id || acting.IsAdministrator))
            .OrderBy(k => k.Id).ToListAsync(cancellation);
        foreach (var key in keys)
        {
            change(db, key, now);
        }

        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        foreach (var owner in keys.GroupBy(k => k.OwnerId))
        {
            changes.Publish(new(owner.Key, [.. owner.Select(k => k.Id)]));
        }

        return keys.Count;
    }
}
