using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Administration;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Keys;

/// <summary>
/// How keys use channels and groups: previews which keys a change would break, and whether a group can be deleted. Key
/// restrictions are never edited here.
/// </summary>
/// <remarks>Every operation throws <see cref="AccessDeniedException"/> unless the actor is an administrator with a live session.</remarks>
public sealed class ChannelImpact(
    IDbContextFactory<NexLlmDbContext> contexts, ChannelActivation activation, IOptions<ApiKeyOptions> options, TimeProvider clock)
{
    private const int NamesShown = 5;

    /// <summary>The effects of the change on clients.</summary>
    public async Task<ChangeImpact> ImpactOfAsync(Actor actor, PlannedChange change, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await using var snapshot = await db.BeginReadAsync(cancellation);
        await db.RequireAdministratorAsync(actor, clock.GetUtcNow(), cancellation);
        var before = await ServedModels.ReadAsync(db, cancellation);
        var after = before.After(change);
        var groups = new List<GroupImpact>();
        foreach (var group in before.Groups.OrderBy(g => g.Name, StringComparer.OrdinalIgnoreCase))
        {
            var left = after.CallsOf(group.Id);
            if (before.CallsOf(group.Id).Except(left).ToList() is { Count: > 0 } lost)
            {
                groups.Add(await ImpactAsync(db, group, lost, left, cancellation));
            }
        }

        return new ChangeImpact(groups, [.. before.Models().Except(after.Models()).Order(StringComparer.Ordinal)]);
    }

    /// <summary>The number of live keys per group, counted up to <see cref="KeyCount.Most"/>.</summary>
    public async Task<IReadOnlyDictionary<long, KeyCount>> CountByGroupAsync(Actor actor, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await db.RequireAdministratorAsync(actor, clock.GetUtcNow(), cancellation);
        var counts = new Dictionary<long, KeyCount>();
        foreach (var group in await db.LiveGroups().Select(g => g.Id).ToListAsync(cancellation))
        {
            counts[group] = await CountAsync(LiveOf(db, group), cancellation);
        }

        return counts;
    }

    /// <summary>What prevents a group from being deleted; null if nothing does.</summary>
    public async Task<GroupUse?> OfGroupAsync(Actor actor, long id, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var now = clock.GetUtcNow();
        await db.RequireAdministratorAsync(actor, now, cancellation);
        return await UseAsync(db, id, now, cancellation);
    }

    /// <summary>Deletes a group that no key uses, and that no deleted key could be restored into.</summary>
    public async Task<DeleteGroupOutcome> DeleteGroupAsync(Actor actor, long id, CancellationToken cancellation = default)
    {
        await using (var db = await contexts.CreateDbContextAsync(cancellation))
        {
            await using var transaction = await db.BeginWriteAsync(cancellation);
            var now = clock.GetUtcNow();
            await db.RequireAdministratorAsync(actor, now, cancellation);
            if (await db.LiveGroups().Include(g => g.Channels).SingleOrDefaultAsync(g => g.Id == id, cancellation) is not { IsDefault: false, IsProvisioned: false } group)
            {
                return new DeleteGroupOutcome.NotFound();
            }

            if (await UseAsync(db, id, now, cancellation) is { } used)
            {
                return new DeleteGroupOutcome.InUse(used);
            }

            ChannelAudit.Done(db, actor, now, AuditActions.GroupDeleted, group);
            group.Delete(now);
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
        }

        await activation.FollowAsync();
        return new DeleteGroupOutcome.Deleted();
    }

    private static IQueryable<ApiKey> LiveOf(NexLlmDbContext db, long group) =>
        db.Set<ApiKey>().AsNoTracking().Where(k => k.GroupId == group && k.DeletedAt == null);

    private async Task<GroupUse?> UseAsync(NexLlmDbContext db, long group, DateTimeOffset now, CancellationToken cancellation)
    {
        var live = LiveOf(db, group);
        var keys = await CountAsync(live, cancellation);
        if (keys.Count > 0)
        {
            return new GroupUse(keys, await FirstAsync(db, live, cancellation), RestorableUntil: null);
        }

        var restorable = now - options.Value.UndoWindow;
        var deleted = await db.Set<ApiKey>().Where(k => k.GroupId == group && k.PurgedAt == null && k.DeletedAt > restorable).MaxAsync(k => k.DeletedAt, cancellation);
        return deleted is null ? null : new GroupUse(keys, [], deleted + options.Value.UndoWindow);
    }

    /// <param name="lost">The models the group would no longer serve.</param>
    /// <param name="left">The models it would still serve; if there are none, all of its keys are affected, restricted or not.</param>
    private static async Task<GroupImpact> ImpactAsync(
        NexLlmDbContext db, ServingGroup group, List<ServedCall> lost, IReadOnlySet<ServedCall> left, CancellationToken cancellation)
    {
        var models = lost.Select(call => call.Model).Distinct().Order(StringComparer.Ordinal).ToList();
        var moved = models.Intersect(left.Select(call => call.Model)).ToHashSet(StringComparer.Ordinal);
        var concerned = LiveOf(db, group.Id);
        var unrestricted = default(KeyCount);
        if (left.Count > 0)
        {
            unrestricted = await CountAsync(concerned.Where(k => k.AllowedModels == null), cancellation);
            // Quoted as in a stored restriction, so that no name matches inside another.
            var named = models.Select(model => JsonSerializer.Serialize(model)).ToList();
            concerned = concerned.Where(k => k.AllowedModels != null && named.Any(model => k.AllowedModels.Contains(model)));
        }

        return new GroupImpact(
            group.Name, Stops: left.Count == 0, [.. models.Where(model => !moved.Contains(model))], [.. models.Where(moved.Contains)],
            await CountAsync(concerned, cancellation), await FirstAsync(db, concerned, cancellation), unrestricted);
    }

    private static async Task<IReadOnlyList<KeyOfOwner>> FirstAsync(NexLlmDbContext db, IQueryable<ApiKey> keys, CancellationToken cancellation) =>
        await keys.OrderBy(k => k.Id).Take(NamesShown)
            .Join(db.Users, k => k.OwnerId, owner => owner.Id, (k, owner) => new KeyOfOwner(k.Id, k.Name, owner.Email!)).ToListAsync(cancellation);

    private static async Task<KeyCount> CountAsync(IQueryable<ApiKey> keys, CancellationToken cancellation) =>
        new(await keys.Take(KeyCount.Most + 1).CountAsync(cancellation));
}
