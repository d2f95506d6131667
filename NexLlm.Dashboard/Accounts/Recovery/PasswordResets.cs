using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Identity;
using NexLlm.Dashboard.Accounts.LogIn;
using NexLlm.Dashboard.Accounts.Passwords;
using NexLlm.Dashboard.Accounts.Sessions;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Accounts.Recovery;

/// <summary>A newly created link, which can't be retrieved later.</summary>
/// <param name="Token">The secret part of the link's URL.</param>
/// <param name="Until">The expiry time.</param>
public sealed record IssuedLink(string Token, DateTimeOffset Until);

/// <summary>The result of setting a new password with a link.</summary>
public abstract record PasswordResetOutcome
{
    /// <summary>The password is set, all earlier sessions have ended, and this browser is logged in.</summary>
    public sealed record Done(NewLogin Login) : PasswordResetOutcome;

    /// <summary>The password is set, but the account uses two-step verification: this browser is logged in only after the code.</summary>
    public sealed record SecondFactorNeeded(StampedAccount Account) : PasswordResetOutcome;

    public sealed record Invalid(string Error) : PasswordResetOutcome;

    /// <summary>The link is invalid, expired, used or replaced, or its account is disabled; the response doesn't reveal which.</summary>
    public sealed record LinkRefused : PasswordResetOutcome;

    public sealed record TooMany(TimeSpan RetryAfter) : PasswordResetOutcome;
}

/// <summary>Sets new passwords for people who forgot theirs. No email is sent: an administrator creates a one-time link and hands it over.</summary>
public sealed class PasswordResets(
    IDbContextFactory<NexLlmDbContext> contexts, IdentityManagers managers, BreachedPasswords breached, AddressLimiter addresses,
    LoginSessions sessions, LiveConnections connections, IOptions<AccountsOptions> options, TimeProvider clock)
{
    public static TimeSpan LinkLifetime => ResetLinks.Lifetime;

    /// <summary>Whether password login is on; without it, passwords can't be reset.</summary>
    public bool IsPossible => options.Value.PasswordLogIn is PasswordLogIn.On;

    /// <summary>Creates a link for the account and invalidates the previous one. The old password works until the link is used.</summary>
    /// <returns>Null if the account doesn't exist or password login is off.</returns>
    /// <exception cref="AccessDeniedException">The actor is not an administrator.</exception>
    /// <exception cref="ReauthenticationRequiredException">The actor last proved their identity too long ago.</exception>
    public async Task<IssuedLink?> IssueAsync(Actor actor, long accountId, CancellationToken cancellation = default)
    {
        await using var identity = managers.Begin();
        var db = identity.Db;
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var now = clock.GetUtcNow();
        (await db.RequireAdministratorAsync(actor, now, cancellation)).RequireRecent(now);
        if (!IsPossible || await db.Users.SingleOrDefaultAsync(a => a.Id == accountId, cancellation) is not { } account)
        {
            return null;
        }

        var link = new IssuedLink(await identity.Users.GeneratePasswordResetTokenAsync(account), now + ResetLinks.Lifetime);
        AuditTrail.Record(db, actor, now, AuditActions.AccountResetLinkIssued, accountId, null, new AuditChange("expiresAt", null, link.Until));
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return link;
    }

    /// <summary>Revokes the account's link.</summary>
    /// <returns>False if there is no link (any longer).</returns>
    /// <exception cref="AccessDeniedException">The actor is not an administrator.</exception>
    public async Task<bool> WithdrawAsync(Actor actor, long accountId, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var now = clock.GetUtcNow();
        await db.RequireAdministratorAsync(actor, now, cancellation);
        if (await db.Set<PasswordReset>().Where(r => r.AccountId == accountId && r.ExpiresAt > now).ExecuteDeleteAsync(cancellation) == 0)
        {
            return false;
        }

        AuditTrail.Record(db, actor, now, AuditActions.AccountResetLinkWithdrawn, accountId);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>Returns the email of the link's account, or null if the link is invalid.</summary>
    public async Task<string?> FindAsync(string? token, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return (await AccountOfAsync(db, token, cancellation))?.Email;
    }

    /// <summary>Sets the password. Each link works once; a rejected password doesn't use it up.</summary>
    /// <param name="visitor">The visitor. The link is the proof, regardless of any existing session in this browser.</param>
    /// <param name="password">Plain text; hashed and never stored.</param>
    public async Task<PasswordResetOutcome> ResetAsync(
        Actor visitor, string? token, string? password, string? userAgent, CancellationToken cancellation = default)
    {
        if (addresses.Take(AddressAllowance.OneTimeLink, visitor.Address) is { } wait)
        {
            return new PasswordResetOutcome.TooMany(wait);
        }

        if (await FindAsync(token, cancellation) is not { } email)
        {
            return new PasswordResetOutcome.LinkRefused();
        }

        if (!IsPossible)
        {
            return new PasswordResetOutcome.Invalid(PasswordLogInRules.Off);
        }

        if (breached.Check(password, email) is { } error)
        {
            return new PasswordResetOutcome.Invalid(error);
        }

        await using var identity = managers.Begin();
        var db = identity.Db;
        await identity.Passwords.HashAsync(password!, HashingLane.Of(Actor.Visitor(visitor.Address)), cancellation);
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (await AccountOfAsync(db, token, cancellation) is not { } account
            || !(await identity.Users.ResetPasswordAsync(account, token!, password!)).Succeeded)
        {
            return new PasswordResetOutcome.LinkRefused();
        }

        var now = clock.GetUtcNow();
        var actor = Actor.Visitor(visitor.Address);
        var ended = await db.RecordCredentialChangeAsync(actor, account, AuditActions.AccountPasswordReset, now, cancellation);
        var login = account.TwoFactorEnabled ? null : sessions.Begin(db, account, actor, userAgent, now);
        var replaced = await LoginSessions.EndReplacedAsync(db, visitor, now, cancellation);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        connections.End([.. ended, .. replaced]);
        return login is null ? new PasswordResetOutcome.SecondFactorNeeded(StampedAccount.Of(account)) : new PasswordResetOutcome.Done(login);
    }

    private async Task<Account?> AccountOfAsync(NexLlmDbContext db, string? token, CancellationToken cancellation)
    {
        var hash = OneTimeToken.Hash(token ?? "");
        var now = clock.GetUtcNow();
        return await (
            from reset in db.Set<PasswordReset>()
            join account in db.Users on reset.AccountId equals account.Id
            where reset.TokenHash == hash && reset.ExpiresAt > now && account.DisabledAt == null
            select account).SingleOrDefaultAsync(cancellation);
    }
}
