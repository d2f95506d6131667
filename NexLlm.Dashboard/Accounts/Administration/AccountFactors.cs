using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Identity;
using NexLlm.Dashboard.Accounts.Sessions;
using NexLlm.Dashboard.Accounts.TwoStep;
using NexLlm.Dashboard.Audit;

namespace NexLlm.Dashboard.Accounts.Administration;

/// <summary>What came of taking somebody's factors away.</summary>
public abstract record FactorResetOutcome
{
    /// <param name="Email">As the account spells it.</param>
    /// <param name="EndedLogins">How many logins that ended.</param>
    public sealed record Done(string Email, int EndedLogins) : FactorResetOutcome;

    /// <summary>It has neither two-step verification nor a passkey.</summary>
    public sealed record None(string Email) : FactorResetOutcome;

    public sealed record UnknownAccount : FactorResetOutcome;
}

/// <summary>Helps people who have lost what they log in with beside their password.</summary>
public sealed class AccountFactors(IdentityManagers managers, LiveConnections connections, AccountChanges changes, TimeProvider clock)
{
    /// <summary>
    /// Takes an account's authenticator, recovery codes and passkeys away and ends all of its logins, the actor's own included. The password
    /// stays, and its person is told.
    /// </summary>
    /// <param name="actor">An administrator, or the machine's operator.</param>
    /// <param name="email">Whose.</param>
    /// <param name="cancellation">Gives up before the commit.</param>
    /// <exception cref="AccessDeniedException">The actor is no administrator.</exception>
    /// <exception cref="ReauthenticationRequiredException">The actor's last proof of who they are is too old.</exception>
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
