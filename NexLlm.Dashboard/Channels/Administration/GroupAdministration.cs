using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Channels.Administration;

/// <summary>
/// Groups as administrators see and change them. Deleting one is the keys' business, who must not be left without; what
/// configuration declares is not changed here.
/// </summary>
/// <remarks>Every operation throws <see cref="AccessDeniedException"/> when the actor is not an administrator with a live login.</remarks>
public sealed class GroupAdministration(IDbContextFactory<NexLlmDbContext> contexts, ChannelActivation activation, TimeProvider clock)
{
    /// <summary><c>default</c> first, then by name.</summary>
    public async Task<IReadOnlyList<GroupDetails>> ListAsync(Actor actor, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await db.RequireAdministratorAsync(actor, clock.GetUtcNow(), cancellation);
        return await db.GroupDetailsAsync(only: null, cancellation);
    }

    /// <summary>Null if there is none.</summary>
    public async Task<GroupDetails?> FindAsync(Actor actor, long id, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await db.RequireAdministratorAsync(actor, clock.GetUtcNow(), cancellation);
        return (await db.GroupDetailsAsync(id, cancellation)).SingleOrDefault();
    }

    public async Task<SaveOutcome<GroupDetails>> CreateAsync(Actor actor, GroupSettings settings, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var group = new ChannelGroup { Name = settings.Name };
        await using (var transaction = await db.BeginWriteAsync(cancellation))
        {
            var now = clock.GetUtcNow();
            await db.RequireAdministratorAsync(actor, now, cancellation);
            if (await ApplyAsync(db, group, settings, cancellation) is { Count: > 0 } errors)
            {
                return new SaveOutcome<GroupDetails>.Refused(errors);
            }

            db.Add(group);
            ChannelAudit.Changed(db, actor, now, AuditActions.GroupCreated, ChannelAudit.GroupState.None, ChannelAudit.GroupState.Of(group));
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
        }

        return await SavedAsync(db, group.Id);
    }

    /// <summary>Changes a group that configuration does not declare, if nobody else changed it since the actor read it.</summary>
    /// <param name="version">The version that the person saw.</param>
    public async Task<SaveOutcome<GroupDetails>> UpdateAsync(
        Actor actor, long id, long version, GroupSettings settings, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await using (var transaction = await db.BeginWriteAsync(cancellation))
        {
            var now = clock.GetUtcNow();
            await db.RequireAdministratorAsync(actor, now, cancellation);
            if (await FindAsync(db, id, cancellation) is not { IsProvisioned: false } group)
            {
                return new SaveOutcome<GroupDetails>.NotFound();
            }

            if (group.Version != version)
            {
                return new SaveOutcome<GroupDetails>.Conflict((await db.GroupDetailsAsync(id, cancellation)).Single());
            }

            var before = ChannelAudit.GroupState.Of(group);
            if (await ApplyAsync(db, group, settings, cancellation) is { Count: > 0 } errors)
            {
                return new SaveOutcome<GroupDetails>.Refused(errors);
            }

            group.Version++;
            ChannelAudit.Changed(db, actor, now, AuditActions.GroupEdited, before, ChannelAudit.GroupState.Of(group));
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
        }

        return await SavedAsync(db, id);
    }

    /// <summary>Switches a group off, which refuses every request of its keys, or on.</summary>
    /// <returns>False if there is none, configuration decides it, or it is <c>default</c>, which is always on.</returns>
    public async Task<bool> SetEnabledAsync(Actor actor, long id, bool enabled, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await using (var transaction = await db.BeginWriteAsync(cancellation))
        {
            var now = clock.GetUtcNow();
            await db.RequireAdministratorAsync(actor, now, cancellation);
            if (await FindAsync(db, id, cancellation) is not { IsProvisioned: false, IsDefault: false } group)
            {
                return false;
            }

            if (group.IsEnabled != enabled)
            {
                group.IsEnabled = enabled;
                group.Version++;
                ChannelAudit.Done(db, actor, now, enabled ? AuditActions.GroupEnabled : AuditActions.GroupDisabled, group);
            }

            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
        }

        await activation.FollowAsync();
        return true;
    }

    private static Task<ChannelGroup?> FindAsync(NexLlmDbContext db, long id, CancellationToken cancellation) =>
        db.LiveGroups().Include(g => g.Channels).SingleOrDefaultAsync(g => g.Id == id, cancellation);

    private static async Task<IReadOnlyList<SettingError>> ApplyAsync(
        NexLlmDbContext db, ChannelGroup group, GroupSettings settings, CancellationToken cancellation)
    {
        var check = new ChannelCheck(db);
        var name = group.IsDefault ? group.Name : await check.GroupNameAsync(settings.Name, group.Id, cancellation);
        var description = check.Description(settings.Description);
        check.Ratio(settings.RatioMillionths);
        var channels = await check.ChannelsAsync(settings.ChannelIds, cancellation);
        check.Provisioned(group, channels);
        if (check.Errors is not [])
        {
            return check.Errors;
        }

        group.Name = name;
        group.Description = description;
        group.RatioMillionths = settings.RatioMillionths;
        Membership.Set(group.Channels, channels, channel => channel.Version++);
        return [];
    }

    private async Task<SaveOutcome<GroupDetails>> SavedAsync(NexLlmDbContext db, long id)
    {
        await activation.FollowAsync();
        return await db.GroupDetailsAsync(id, CancellationToken.None) is [var saved]
            ? new SaveOutcome<GroupDetails>.Saved(saved)
            : new SaveOutcome<GroupDetails>.NotFound();
    }
}
