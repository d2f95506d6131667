using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Channels.Administration;

/// <summary>
/// Manages groups for administrators. Deletion belongs to the key services, because
/// keys must not be left without a group. Configured groups are read-only here.
/// </summary>
/// <remarks>Every operation throws <see cref="AccessDeniedException"/> unless the actor is an administrator with a live session.</remarks>
public sealed class GroupAdministration(IDbContextFactory<NexLlmDbContext> contexts, ChannelActivation activation, TimeProvider clock)
{
    /// <summary>Lists <c>default</c> first, then by name.</summary>
    public async Task<IReadOnlyList<GroupDetails>> ListAsync(Actor actor, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await db.RequireAdministratorAsync(actor, clock.GetUtcNow(), cancellation);
        return await db.GroupDetailsAsync(only: null, cancellation);
    }

    /// <summary>Returns null if the group doesn't exist.</summary>
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

    /// <summary>Updates a group that isn't configured, unless it changed after the actor loaded it.</summary>
    /// <param name="version">The version the actor saw.</param>
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

    /// <summary>Enables or disables a group. All requests with keys of a disabled group are rejected.</summary>
    /// <returns>False if the group doesn't exist, is managed by the configuration, or is <c>default</c>, which is always enabled.</returns>
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
