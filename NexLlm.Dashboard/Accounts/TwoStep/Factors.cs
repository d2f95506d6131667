using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Identity;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Accounts.TwoStep;

/// <summary>Operations on an account's factors, for the callers' transactions.</summary>
internal static class Factors
{
    public static Task<bool> HasPasskeyAsync(this NexLlmDbContext db, long accountId, CancellationToken cancellation) =>
        db.UserPasskeys.AnyAsync(p => p.UserId == accountId, cancellation);

    /// <summary>
    /// Requires a session that may set up a factor: one with a recent authentication. A session that lacks the required factor is also
    /// allowed, unless the account has a passkey: otherwise anyone with just the password could add a factor of their own.
    /// </summary>
    /// <exception cref="AccessDeniedException">The session has ended.</exception>
    /// <exception cref="SecondFactorRequiredException">The account has a factor that this session hasn't used.</exception>
    /// <exception cref="ReauthenticationRequiredException">The actor last proved their identity too long ago.</exception>
    public static async Task<ActingAccount> RequireForNewFactorAsync(
        this NexLlmDbContext db, Actor actor, DateTimeOffset now, CancellationToken cancellation)
    {
        var acting = await db.RequireSessionAsync(actor, now, cancellation);
        return acting.LacksFactor && await db.HasPasskeyAsync(acting.Id, cancellation)
            ? throw new SecondFactorRequiredException()
            : acting.RequireRecent(now);
    }

    /// <summary>Decrypts the account's authenticator key for the following transaction, which reloads everything else.</summary>
    public static async Task OpenKeyAsync(this IdentityScope identity, long accountId, CancellationToken cancellation)
    {
        var stored = await identity.Db.UserTokens.AsNoTracking()
            .Where(t => t.UserId == accountId && t.LoginProvider == AccountStore.Provider && t.Name == AccountStore.KeyName)
            .Select(t => t.Value).SingleOrDefaultAsync(cancellation);
        if (stored is not null)
        {
            identity.Keys.Open(stored);
        }
    }

    /// <summary>Removes the authenticator and the recovery codes and changes the security stamp. The caller saves.</summary>
    public static async Task ForgetTwoStepAsync(this IdentityScope identity, Account account)
    {
        await identity.Users.RemoveAuthenticationTokenAsync(account, AccountStore.Provider, AccountStore.KeyName).RequireSuccessAsync();
        await identity.Users.RemoveAuthenticationTokenAsync(account, AccountStore.Provider, AccountStore.CodesName).RequireSuccessAsync();
        await identity.Users.SetTwoFactorEnabledAsync(account, false).RequireSuccessAsync();
    }
}
