using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Identity;
using NexLlm.Dashboard.Accounts.LogIn;
using NexLlm.Dashboard.Accounts.Passwords;
using NexLlm.Dashboard.Accounts.Profile;
using NexLlm.Dashboard.Accounts.TwoStep;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Accounts.Reauthentication;

/// <summary>The ways in which the person of a session can confirm their identity. If there are none, they have to log in again.</summary>
/// <param name="Email">The email address.</param>
/// <param name="ByPassword">Whether the account has a password.</param>
/// <param name="ByCode">Whether the account has two-step verification.</param>
/// <param name="Method">How the session began. People who used a provider can be sent there again.</param>
public sealed record ReauthenticationWays(string Email, bool ByPassword, bool ByCode, LogInMethod Method);

/// <summary>A proof of identity.</summary>
public abstract record Proof
{
    private Proof()
    {
    }

    /// <summary>Plain text; checked and never stored.</summary>
    public sealed record OfPassword(string? Password) : Proof
    {
        /// <summary>Keeps the password out of logs.</summary>
        public override string ToString() => nameof(OfPassword);
    }

    /// <summary>The authenticator code as entered. Each code works once.</summary>
    public sealed record OfCode(string? Code) : Proof;
}

/// <summary>The result of confirming one's identity.</summary>
public abstract record ReauthenticationOutcome
{
    /// <summary>Critical changes are allowed for the next <see cref="ActingAccount.Grace"/>.</summary>
    public sealed record Confirmed : ReauthenticationOutcome;

    public sealed record Invalid(string Error) : ReauthenticationOutcome;

    public sealed record TooMany(TimeSpan RetryAfter) : ReauthenticationOutcome;
}

/// <summary>Asks people to confirm their identity before critical changes.</summary>
public sealed class ReauthenticationService(
    IDbContextFactory<NexLlmDbContext> contexts, IdentityManagers managers, FailedTries tries, RepeatedEvents repeated, TimeProvider clock)
{
    /// <summary>Returns the ways in which the actor can confirm their identity.</summary>
    /// <exception cref="AccessDeniedException">The actor's session has ended.</exception>
    public async Task<ReauthenticationWays> FindWaysAsync(Actor actor, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var acting = await db.RequireSessionAsync(actor, clock.GetUtcNow(), cancellation);
        return await db.Users.Where(a => a.Id == acting.Id)
            .Select(a => new ReauthenticationWays(acting.Email, a.PasswordHash != null, a.TwoFactorEnabled, acting.Method)).SingleAsync(cancellation);
    }

    /// <summary>Checks in advance, for a page that leads to a critical change, so that nobody is interrupted later.</summary>
    /// <exception cref="AccessDeniedException">The actor's session has ended.</exception>
    /// <exception cref="ReauthenticationRequiredException">The actor last proved their identity too long ago.</exception>
    public async Task RequireAsync(Actor actor, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var now = clock.GetUtcNow();
        (await db.RequireSessionAsync(actor, now, cancellation)).RequireRecent(now);
    }

    /// <summary>Checks the proof and records its time in the session. Failures count together with wrong current passwords.</summary>
    /// <exception cref="AccessDeniedException">The actor's session has ended.</exception>
    public async Task<ReauthenticationOutcome> ConfirmAsync(Actor actor, Proof proof, CancellationToken cancellation = default)
    {
        await using var identity = managers.Begin();
        var db = identity.Db;
        var acting = await db.RequireSessionAsync(actor, clock.GetUtcNow(), cancellation);
        if (proof is Proof.OfPassword { Password: null or "" })
        {
            return new ReauthenticationOutcome.Invalid("Enter your password.");
        }

        var taken = await tries.TakeAsync(FailedTries.ByLogin(actor.SessionId), AccountService.PasswordTries, cancellation);
        if (taken.Id is not { } tryId)
        {
            return new ReauthenticationOutcome.TooMany(taken.RetryAfter);
        }

        var hash = await db.Users.Where(a => a.Id == acting.Id).Select(a => a.PasswordHash).SingleAsync(cancellation);
        if (proof is Proof.OfPassword(var password))
        {
            await identity.Passwords.CheckAsync(hash, password!, HashingLane.Of(actor), cancellation);
        }
        else
        {
            await identity.OpenKeyAsync(acting.Id, cancellation);
        }

        await using var transaction = await db.BeginWriteAsync(cancellation);
        var now = clock.GetUtcNow();
        await db.RequireSessionAsync(actor, now, cancellation);
        var account = await identity.AccountAsync(acting.Id);
        var (isRight, error) = proof switch
        {
            // The hash must not be upgraded here: that would change the security stamp and end all sessions.
            Proof.OfPassword(var typed) => (
                account.PasswordHash is { } stored && identity.Passwords.VerifyHashedPassword(account, stored, typed!) is not PasswordVerificationResult.Failed,
                "Incorrect password."),
            Proof.OfCode(var code) => (
                account.TwoFactorEnabled && await identity.Users.VerifyTwoFactorTokenAsync(account, TokenOptions.DefaultAuthenticatorProvider, code ?? ""),
                "Incorrect or used code. Enter the current code."),
            _ => throw new ArgumentOutOfRangeException(nameof(proof)),
        };
        if (!isRight)
        {
            await repeated.RecordAsync(db, actor, AuditActions.AccountReauthenticationRefused, account.Id, cancellation);
            await transaction.CommitAsync(cancellation);
            return new ReauthenticationOutcome.Invalid(error);
        }

        await FailedTries.StrikeOutAsync(db, tryId, cancellation);
        await db.Set<LoginSession>().Where(s => s.Id == actor.SessionId)
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.AuthenticatedAt, now), cancellation);
        AuditTrail.Record(db, actor, now, AuditActions.AccountReauthenticated, account.Id);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return new ReauthenticationOutcome.Confirmed();
    }
}
