using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Sessions;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Accounts.Recovery;

internal static class CredentialChanges
{
    /// <summary>
    /// Call after Identity has changed an account's credentials and security stamp. In the caller's transaction, ends all sessions except
    /// the actor's, which adopts the new stamp, records the change, and invalidates any password reset link.
    /// </summary>
    /// <returns>The sessions that end with the commit.</returns>
    public static async Task<IReadOnlyList<Guid>> RecordCredentialChangeAsync(
        this NexLlmDbContext db, Actor actor, Account account, string action, DateTimeOffset now, CancellationToken cancellation, params AuditChange[] changes)
    {
        await db.Set<PasswordReset>().Where(r => r.AccountId == account.Id).ExecuteDeleteAsync(cancellation);
        AuditTrail.Record(db, actor, now, action, account.Id, null, changes);
        var ended = await LoginSessions.EndOthersAsync(db, account.Id, actor.SessionId, now, cancellation);
        await db.Set<LoginSession>().Where(s => s.Id == actor.SessionId && s.AccountId == account.Id)
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.SecurityStamp, account.SecurityStamp), cancellation);
        return ended;
    }
}
