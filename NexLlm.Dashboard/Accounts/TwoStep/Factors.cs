using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Identity;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Accounts.TwoStep;

/// <summary>The factors of an account, for the transactions of those who decide about them.</summary>
internal static class Factors
{
    public static Task<bool> HasPasskeyAsync(this NexLlmDbContext db, long accountId, CancellationToken cancellation) =>
        db.UserPasskeys.AnyAsync(p => p.UserId == accountId, cancellation);

    /// <summary>
    /// Whoever sets a factor up, and proved a moment ago who they are. A session that lacks the required factor may, unless the account has a
    /// passkey: then whoever knows only its password would make up a factor of their own.
    /// </summary>
    /// <exception cref="AccessDeniedException">The session is over.</exception>
    /// <exception cref="SecondFactorRequiredException">There is a factor, which the session has not shown.</exception>
    /// <exception cref="ReauthenticationRequiredException">The last proof is too old.</exception>
    public static async Task<ActingAccount> RequireForNewFactorAsync(
        this NexLlmDbContext db, Actor actor, DateTimeOffset now, CancellationToken cancellation)
    {
        var acting = await db.RequireSessionAsync(actor, now, cancellation);
        return acting.LacksFactor && await db.HasPasskeyAsync(acting.Id, cancellation)
            ? throw new SecondFactorRequiredException()
            : acting.RequireRecent(now);
    }

    /// <summary>Opens the account's authenticator key for the transaction that follows, which reads all else anew.</summary>
    public static async Task OpenKeyAsync(this IdentityWork identity, long accountId, CancellationToken cancellation)
    {
        var stored = await identity.Db.UserTokens.AsNoTracking()
            .Where(t => t.UserId == accountId && t.LoginProvider == AccountStore.Provider && t.Name == AccountStore.KeyName)
            .Select(t => t.Value).SingleOrDefaultAsync(cancellation);
        if (stored is not null)
        {
            identity.Keys.Open(stored);
        }
    }

    /// <summary>Takes the authenticator and the recovery codes away, and gives the account another security stamp. The caller saves.</summary>
    public static async Task ForgetTwoStepAsync(this IdentityWork identity, Account account)
    {
        await identity.Users.RemoveAuthenticationTokenAsync(account, AccountStore.Provider, AccountStore.KeyName).RequireSuccessAsync();
        await identity.Users.RemoveAuthenticationTokenAsync(account, AccountStore.Provider, AccountStore.CodesName).RequireSuccessAsync();
        await identity.Users.SetTwoFactorEnabledAsync(account, false).RequireSuccessAsync();
    }
}
