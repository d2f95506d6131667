using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Identity;
using NexLlm.Dashboard.Accounts.Sessions;
using NexLlm.Dashboard.Accounts.TwoStep;
using NexLlm.Dashboard.Audit;

namespace NexLlm.Dashboard.Accounts.Administration;

/// <summary>The result of removing an account's factors.</summary>
public abstract record FactorResetOutcome
{
    /// <param name="Email">The email address as stored on the account.</param>
    /// <param name="EndedLogins">The number of sessions that ended.</param>
    public sealed record Done(string Email, int EndedLogins) : FactorResetOutcome;

    /// <summary>The account has neither two-step verification nor a passkey.</summary>
    public sealed record None(string Email) : FactorResetOutcome;

    public sealed record UnknownAccount : FactorResetOutcome;
}

/// <summary>Helps people who have lost everything they log in with except their password.</summary>
public sealed class AccountFactors(IdentityManagers managers, LiveConnections connections, AccountChanges changes, TimeProvider clock)
{
    /// <summary>
    /// Removes an account's authenticator, recovery codes and passkeys, and ends all its sessions, including the actor's own. The password
    /// stays, and the account shows the owner a notice.
    /// </summary>
    /// <param name="actor">An administrator, or the server's operator.</param>
    /// <param name="email">The account's email.</param>
    /// <param name="cancellation">Cancels the operation until it commits.</param>
    /// <exception cref="AccessDeniedException">The actor is not an administrator.</exception>
    /// <exception cref="ReauthenticationRequiredException">The actor last proved their identity too long ago.</exception>
    public async Task<FactorResetOutcome> ResetAsync(Actor actor, string email, CancellationToken cancellation = default)
    {
        await using var identity = managers.Begin();
        var db = identity.Db;
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var now = clock.GetUtcNow();
        if (!actor.IsMachine)
        {
            (await db.RequireAdministratorAsync(actor, now, cancellation)).RequireRecent(now);
        }

        if (await identity.Users.FindByEmailAsync(email) is not { } account)
        {
            return new FactorResetOutcome.UnknownAccount();
        }

        var passkeys = await db.UserPasskeys.CountAsync(p => p.UserId == account.Id, cancellation);
        if (!account.TwoFactorEnabled && passkeys == 0)
        {
            return new FactorResetOutcome.None(account.Email!);
        }

        AuditTrail.Record(
            db, actor, now, AuditActions.AccountFactorsReset, account.Id, null,
            new AuditChange("twoStep", account.TwoFactorEnabled, false), new AuditChange("passkeys", passkeys, 0));
        await db.UserPasskeys.Where(p => p.UserId == account.Id).ExecuteDeleteAsync(cancellation);
        await identity.ForgetTwoStepAsync(account);
        var ended = await LoginSessions.EndOthersAsync(db, account.Id, except: Guid.Empty, now, cancellation);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        changes.Publish(account.Id);
        connections.End([.. ended]);
        return new FactorResetOutcome.Done(account.Email!, ended.Count);
    }
}
