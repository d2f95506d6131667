using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Sessions;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Accounts.Recovery;

internal static class CredentialChanges
{
    /// <summary>
    /// After Identity changed what an account logs in with, and its security stamp: ends all of its logins but the actor's, which goes on
    /// with the new stamp, and records it, in the caller's transaction. A link to reset the password is no good any more.
    /// </summary>
    /// <returns>The logins that end with the commit.</returns>
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
