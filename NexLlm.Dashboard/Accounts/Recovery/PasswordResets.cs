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

/// <summary>A link that was just made, for the one moment in which it can be read.</summary>
/// <param name="Token">The secret part of its address.</param>
/// <param name="Until">When it is no good any more.</param>
public sealed record IssuedLink(string Token, DateTimeOffset Until);

/// <summary>What came of setting a new password by a link.</summary>
public abstract record PasswordResetOutcome
{
    /// <summary>It is set, all earlier logins have ended, and this browser is logged in.</summary>
    public sealed record Done(NewLogin Login) : PasswordResetOutcome;

    /// <summary>It is set, and the account has two-step verification: a code is still asked for before this browser is logged in.</summary>
    public sealed record SecondFactorNeeded(StampedAccount Account) : PasswordResetOutcome;

    public sealed record Invalid(string Error) : PasswordResetOutcome;

    /// <summary>The link is wrong, old, used or replaced, or its account is disabled: nobody learns which.</summary>
    public sealed record LinkRefused : PasswordResetOutcome;

    public sealed record TooMany(TimeSpan RetryAfter) : PasswordResetOutcome;
}

/// <summary>
/// New passwords for people who forgot theirs. Nothing is mailed: an administrator makes a one-time link and hands it over.
/// </summary>
public sealed class PasswordResets(
    IDbContextFactory<NexLlmDbContext> contexts, IdentityManagers managers, BreachedPasswords breached, AddressLimiter addresses,
    LoginSessions sessions, LiveConnections connections, IOptions<AccountsOptions> options, TimeProvider clock)
{
    public static TimeSpan LinkLifetime => ResetLinks.Lifetime;

    /// <summary>Whether passwords let anybody in; where they do not, none is reset.</summary>
    public bool IsPossible => options.Value.PasswordLogIn is PasswordLogIn.On;

    /// <summary>Makes a link for the account, which replaces the one before. The password stays until it is used.</summary>
    /// <returns>Null if there is no such account, or passwords are switched off.</returns>
    /// <exception cref="AccessDeniedException">The actor is no administrator.</exception>
    /// <exception cref="ReauthenticationRequiredException">The actor's last proof of who they are is too old.</exception>
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

    /// <summary>Makes the account's link useless.</summary>
    /// <returns>False if there is none (any more).</returns>
    /// <exception cref="AccessDeniedException">The actor is no administrator.</exception>
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

    /// <summary>Whose password the link sets: the e-mail address; null if the link is no good.</summary>
    public async Task<string?> FindAsync(string? token, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return (await AccountOfAsync(db, token, cancellation))?.Email;
    }

    /// <summary>Sets the password, once; a password that is refused leaves the link good.</summary>
    /// <param name="visitor">Who asks. The link is the proof, whoever this browser was logged in as.</param>
    /// <param name="password">In plain; it is hashed and forgotten.</param>
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
