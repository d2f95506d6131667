using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Accounts.Sessions;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Accounts.Passwords;

internal static class PasswordSetting
{
    /// <summary>
    /// Puts a new password in place, in the caller's transaction, and ends all of the account's logins but the actor's. A link that was made
    /// for the password before is no good any more.
    /// </summary>
    /// <returns>The logins that end with the commit.</returns>
    public static async Task<IReadOnlyList<Guid>> SetPasswordAsync(
        this NexLlmDbContext db, Actor actor, Account account, string hash, string action, DateTimeOffset now, CancellationToken cancellation)
    {
        account.PasswordHash = hash;
        account.SecurityStamp = Guid.NewGuid().ToString("N");
        await db.Set<PasswordReset>().Where(r => r.AccountId == account.Id).ExecuteDeleteAsync(cancellation);
        AuditTrail.Record(db, actor, now, action, account.Id);
        return await LoginSessions.EndOthersAsync(db, account.Id, actor.SessionId, now, cancellation);
    }
}
