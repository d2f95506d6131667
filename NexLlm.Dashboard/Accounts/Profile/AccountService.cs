using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Identity;
using NexLlm.Dashboard.Accounts.LogIn;
using NexLlm.Dashboard.Accounts.Passwords;
using NexLlm.Dashboard.Accounts.Recovery;
using NexLlm.Dashboard.Accounts.Sessions;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Accounts.Profile;

/// <summary>An account as its owner sees it.</summary>
/// <param name="Id">The account's ID.</param>
/// <param name="Email">The email address.</param>
/// <param name="IsAdministrator">Whether the account is an administrator.</param>
/// <param name="TokenLimit">The overall quota in charged tokens; null means unlimited.</param>
/// <param name="UsedTokens">The used part of the quota.</param>
/// <param name="LacksFactor">Whether the session is restricted until the required second factor is set up.</param>
/// <param name="HasPassword">False for an account that can log in only with providers or passkeys.</param>
public sealed record AccountOverview(
    long Id, string Email, bool IsAdministrator, long? TokenLimit, long UsedTokens, bool LacksFactor = false, bool HasPassword = true);

/// <summary>Shows people their own account and changes their password. Also sets forgotten passwords on behalf of the server's operator.</summary>
public sealed class AccountService(
    IDbContextFactory<NexLlmDbContext> contexts, IdentityManagers managers, BreachedPasswords breached, FailedTries tries, LiveConnections connections,
    IOptions<AccountsOptions> options, TimeProvider clock)
{
    /// <summary>The wrong current passwords allowed per hour from one session, which may be used by someone else at an unlocked screen.</summary>
    public const int PasswordTries = 10;

    /// <summary>Returns the actor's own account.</summary>
    /// <exception cref="AccessDeniedException">The actor's session has ended.</exception>
    public async Task<AccountOverview> GetAsync(Actor actor, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var acting = await db.RequireSessionAsync(actor, clock.GetUtcNow(), cancellation);
        var account = await db.Users.AsNoTracking().SingleAsync(a => a.Id == acting.Id, cancellation);
        return new AccountOverview(
            acting.Id, acting.Email, acting.IsAdministrator, account.TokenLimit, account.UsedTokens, acting.LacksFactor, account.PasswordHash is not null);
    }

    /// <summary>Changes the actor's own password and ends all other sessions of the account.</summary>
    /// <exception cref="AccessDeniedException">The actor's session has ended.</exception>
    public async Task<PasswordOutcome> ChangePasswordAsync(Actor actor, string? current, string? replacement, CancellationToken cancellation = default)
    {
        await using var identity = managers.Begin();
        var db = identity.Db;
        var acting = await db.RequireSessionAsync(actor, clock.GetUtcNow(), cancellation);
        if (options.Value.PasswordLogIn is PasswordLogIn.Off)
        {
            return new PasswordOutcome.Invalid(PasswordLogInRules.Off, null);
        }

        var currentError = string.IsNullOrEmpty(current) ? "Enter your current password." : null;
        var replacementError = breached.Check(replacement, acting.Email)
            ?? (replacement == current ? "This is your current password. Choose another one." : null);
        if (currentError is not null || replacementError is not null)
        {
            return new PasswordOutcome.Invalid(currentError, replacementError);
        }

        var taken = await tries.TakeAsync(FailedTries.ByLogin(actor.SessionId), PasswordTries, cancellation);
        if (taken.Id is not { } tryId)
        {
            return new PasswordOutcome.TooMany(taken.RetryAfter);
        }

        var hash = await db.Users.Where(a => a.Id == acting.Id).Select(a => a.PasswordHash).SingleAsync(cancellation);
        if (!await identity.Passwords.CheckAsync(hash, current!, HashingLane.Of(actor), cancellation))
        {
            return new PasswordOutcome.Invalid("This is not your current password.", null);
        }

        await identity.Passwords.HashAsync(replacement!, HashingLane.Of(actor), cancellation);
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var now = clock.GetUtcNow();
        await db.RequireSessionAsync(actor, now, cancellation);
        var account = await identity.AccountAsync(acting.Id);
        if (!(await identity.Users.ChangePasswordAsync(account, current!, replacement!)).Succeeded)
        {
            return new PasswordOutcome.Invalid("Your password was just changed in another session.", null);
        }

        await FailedTries.StrikeOutAsync(db, tryId, cancellation);
        var ended = await db.RecordCredentialChangeAsync(actor, account, AuditActions.AccountPasswordChanged, now, cancellation);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        connections.End([.. ended]);
        return new PasswordOutcome.Changed(ended.Count);
    }

    /// <summary>Sets the password of an account whose owner forgot it, and ends all its sessions.</summary>
    /// <param name="actor">The server's operator; anyone else is rejected.</param>
    /// <param name="email">The account's email.</param>
    /// <param name="password">Plain text; hashed and never stored.</param>
    /// <param name="cancellation">Cancels the operation until it commits.</param>
    /// <exception cref="AccessDeniedException">The actor is not the server's operator.</exception>
    public async Task<SetPasswordOutcome> SetPasswordAsync(Actor actor, string email, string? password, CancellationToken cancellation = default)
    {
        if (!actor.IsMachine)
        {
            throw new AccessDeniedException("Only the machine's operator sets another person's password.");
        }

        if (options.Value.PasswordLogIn is PasswordLogIn.Off)
        {
            return new SetPasswordOutcome.Invalid("Password login is turned off (Accounts:PasswordLogIn). Use break-glass to log in as an administrator.");
        }

        if (breached.Check(password, email) is { } error)
        {
            return new SetPasswordOutcome.Invalid(error);
        }

        await using var identity = managers.Begin();
        var db = identity.Db;
        await identity.Passwords.HashAsync(password!, HashingLane.Of(actor), cancellation);
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (await identity.Users.FindByEmailAsync(email) is not { } account)
        {
            return new SetPasswordOutcome.UnknownAccount();
        }

        await identity.Users.RemovePasswordAsync(account).RequireSuccessAsync();
        await identity.Users.AddPasswordAsync(account, password!).RequireSuccessAsync();
        var ended = await db.RecordCredentialChangeAsync(actor, account, AuditActions.AccountPasswordChanged, clock.GetUtcNow(), cancellation);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        connections.End([.. ended]);
        return new SetPasswordOutcome.Done(account.Email!, ended.Count);
    }
}
