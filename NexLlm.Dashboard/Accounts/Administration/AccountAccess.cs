using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Sessions;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Accounts.Administration;

/// <summary>The result of changing an account's access.</summary>
public enum AccessOutcome
{
    /// <summary>The change was made, or wasn't necessary.</summary>
    Done,

    UnknownAccount,

    /// <summary>Rejected, because no administrator would be left.</summary>
    LastAdministrator,
}

/// <summary>Enables and disables accounts and manages the administrator role.</summary>
/// <remarks>
/// Every operation throws <see cref="AccessDeniedException"/> unless the actor is an administrator. The check for the last active
/// administrator runs in the transaction that makes the change, so two concurrent changes can't remove both.
/// </remarks>
public sealed class AccountAccess(
    IDbContextFactory<NexLlmDbContext> contexts, LiveConnections connections, AccountChanges changes, TimeProvider clock)
{
    /// <summary>Enables or disables an account. Disabling it ends its sessions and rejects its keys from the next request on.</summary>
    public Task<AccessOutcome> SetEnabledAsync(Actor actor, long accountId, bool enabled, CancellationToken cancellation = default) =>
        ChangeAsync(actor, accountId, async (db, account, now) =>
        {
            if (account.DisabledAt is null == enabled)
            {
                return AccessOutcome.Done;
            }

            if (!enabled && await db.IsLastAdministratorAsync(account.Id, cancellation))
            {
                return AccessOutcome.LastAdministrator;
            }

            account.DisabledAt = enabled ? null : now;
            AuditTrail.Record(db, actor, now, enabled ? AuditActions.AccountEnabled : AuditActions.AccountDisabled, account.Id);
            return AccessOutcome.Done;
        }, endsLogins: !enabled, isCritical: false, cancellation);

    /// <summary>Grants or revokes the administrator role.</summary>
    /// <exception cref="ReauthenticationRequiredException">The actor last proved their identity too long ago.</exception>
    public Task<AccessOutcome> SetAdministratorAsync(Actor actor, long accountId, bool administrator, CancellationToken cancellation = default) =>
        ChangeAsync(actor, accountId, async (db, account, now) =>
        {
            if (await db.AdministratorIds().ContainsAsync(account.Id, cancellation) == administrator)
            {
                return AccessOutcome.Done;
            }

            if (!administrator && await db.IsLastAdministratorAsync(account.Id, cancellation))
            {
                return AccessOutcome.LastAdministrator;
            }

            var role = await db.Roles.SingleAsync(r => r.Name == Roles.Administrator, cancellation);
            var member = new IdentityUserRole<long> { UserId = account.Id, RoleId = role.Id };
            db.Entry(member).State = administrator ? EntityState.Added : EntityState.Deleted;
            AuditTrail.Record(
                db, actor, now, administrator ? AuditActions.AccountMadeAdministrator : AuditActions.AccountAdministratorTaken, account.Id);
            return AccessOutcome.Done;
        }, endsLogins: false, isCritical: true, cancellation);

    /// <summary>Ends all sessions of an account, including the actor's own.</summary>
    public Task<AccessOutcome> SignOutAsync(Actor actor, long accountId, CancellationToken cancellation = default) =>
        ChangeAsync(actor, accountId, (db, account, now) =>
        {
            AuditTrail.Record(db, actor, now, AuditActions.AccountSignedOut, account.Id);
            return Task.FromResult(AccessOutcome.Done);
        }, endsLogins: true, isCritical: false, cancellation);

    private async Task<AccessOutcome> ChangeAsync(
        Actor actor, long accountId, Func<NexLlmDbContext, Account, DateTimeOffset, Task<AccessOutcome>> change, bool endsLogins, bool isCritical,
        CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var now = clock.GetUtcNow();
        var administrator = await db.RequireAdministratorAsync(actor, now, cancellation);
        if (isCritical)
        {
            administrator.RequireRecent(now);
        }

        if (await db.Users.SingleOrDefaultAsync(a => a.Id == accountId, cancellation) is not { } account)
        {
            return AccessOutcome.UnknownAccount;
        }

        var outcome = await change(db, account, now);
        if (outcome is not AccessOutcome.Done)
        {
            return outcome;
        }

        var ended = endsLogins ? await LoginSessions.EndOthersAsync(db, accountId, except: Guid.Empty, now, cancellation) : [];
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        changes.Publish(accountId);
        connections.End([.. ended]);
        return outcome;
    }
}
