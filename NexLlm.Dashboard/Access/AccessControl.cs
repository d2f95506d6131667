using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Access;

/// <summary>An active account with a live session, as verified against the database.</summary>
/// <param name="Id">The account's ID.</param>
/// <param name="Email">The email address.</param>
/// <param name="IsAdministrator">Whether the account is an administrator.</param>
/// <param name="Method">How the person last authenticated in this session.</param>
/// <param name="AuthenticatedAt">When the person last authenticated.</param>
/// <param name="MustHaveFactor">Whether the settings require this account to have a second factor.</param>
public sealed record ActingAccount(
    long Id, string Email, bool IsAdministrator, LogInMethod Method, DateTimeOffset AuthenticatedAt, bool MustHaveFactor)
{
    /// <summary>How long a login or confirmation remains valid for critical changes.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(5);

    /// <summary>Whether the session began with a password alone although the settings require a second factor.</summary>
    public bool LacksFactor => MustHaveFactor && Method is LogInMethod.Password;

    /// <summary>Returns this account if the person authenticated recently. Protects data that an unattended screen must not expose.</summary>
    /// <exception cref="ReauthenticationRequiredException">The last authentication is too old.</exception>
    public ActingAccount RequireRecent(DateTimeOffset now) =>
        now - AuthenticatedAt <= Grace ? this : throw new ReauthenticationRequiredException();
}

/// <summary>
/// The actor isn't allowed to perform the operation. Pages redirect to the login
/// page. The exception never reveals whether the requested object exists.
/// </summary>
public class AccessDeniedException(string message) : Exception(message);

/// <summary>The person has to confirm their identity and can then retry. Pages show a confirmation dialog or redirect to one.</summary>
public sealed class ReauthenticationRequiredException() : AccessDeniedException("Confirm it's you to continue.");

/// <summary>The account needs a second factor before it can do anything else. Pages redirect to the setup page.</summary>
public sealed class SecondFactorRequiredException() : AccessDeniedException("Set up two-step verification to continue.");

/// <summary>Checks against the database, for every operation, whether the actor is allowed to act.</summary>
public static class AccessControl
{
    /// <exception cref="AccessDeniedException">The session is unknown or has ended, or the account is disabled or doesn't exist.</exception>
    /// <exception cref="SecondFactorRequiredException">The session began with a password
    /// alone, and the settings require a second factor for this account.</exception>
    public static async Task<ActingAccount> RequireAsync(
        this NexLlmDbContext db, Actor actor, DateTimeOffset now, CancellationToken cancellation = default) =>
        await db.RequireSessionAsync(actor, now, cancellation) is { LacksFactor: false } acting ? acting : throw new SecondFactorRequiredException();

    /// <summary>
    /// Requires only a live session, even without the required second factor. Used for
    /// viewing one's own account, setting up a factor and logging out.
    /// </summary>
    /// <exception cref="AccessDeniedException">The session is unknown or has ended, or the account is disabled or doesn't exist.</exception>
    public static async Task<ActingAccount> RequireSessionAsync(
        this NexLlmDbContext db, Actor actor, DateTimeOffset now, CancellationToken cancellation = default) =>
        actor.Kind switch
        {
            ActorKind.Session => await db.FindSessionAsync(actor, now, cancellation),
            // Operations of the command line don't ask for a session.
            ActorKind.Visitor or ActorKind.Machine => throw new AccessDeniedException("Log in to continue."),
        };

    private static async Task<ActingAccount> FindSessionAsync(this NexLlmDbContext db, Actor actor, DateTimeOffset now, CancellationToken cancellation)
    {
        var administrators = db.AdministratorIds();
        var found = await (
            from session in db.Set<LoginSession>()
            join account in db.Users on session.AccountId equals account.Id
            where session.Id == actor.SessionId && account.Id == actor.AccountId
            select new
            {
                session.EndedAt,
                session.ExpiresAt,
                session.Method,
                session.AuthenticatedAt,
                IsStale = session.SecurityStamp != account.SecurityStamp,
                account.DisabledAt,
                account.Email,
                IsAdministrator = administrators.Contains(account.Id),
            }).AsNoTracking().SingleOrDefaultAsync(cancellation);

        return found switch
        {
            null => throw new AccessDeniedException("Log in to continue."),
            { DisabledAt: not null } => throw new AccessDeniedException("This account is disabled. Ask an administrator."),
            { EndedAt: not null } or { IsStale: true } => throw new AccessDeniedException("This session has ended. Log in again."),
            _ when found.ExpiresAt <= now => throw new AccessDeniedException("This session has expired. Log in again."),
            _ => new ActingAccount(
                actor.AccountId!.Value, found.Email!, found.IsAdministrator, found.Method, found.AuthenticatedAt,
                // Resolved from the context's own services, so no caller can skip the policy.
                db.GetService<SecondFactorPolicy>().Requires(found.IsAdministrator)),
        };
    }

    /// <summary>Like <see cref="RequireAsync"/>, but also requires a recent authentication.</summary>
    /// <exception cref="AccessDeniedException">The actor isn't allowed to act.</exception>
    /// <exception cref="ReauthenticationRequiredException">The actor last proved their identity too long ago.</exception>
    public static async Task<ActingAccount> RequireRecentAsync(
        this NexLlmDbContext db, Actor actor, DateTimeOffset now, CancellationToken cancellation = default) =>
        (await db.RequireAsync(actor, now, cancellation)).RequireRecent(now);

    /// <summary>Like <see cref="RequireAsync"/>, but also requires an administrator.</summary>
    /// <exception cref="AccessDeniedException">The actor isn't allowed to act, or is not an administrator.</exception>
    public static async Task<ActingAccount> RequireAdministratorAsync(
        this NexLlmDbContext db, Actor actor, DateTimeOffset now, CancellationToken cancellation = default) =>
        await db.RequireAsync(actor, now, cancellation) is { IsAdministrator: true } administrator
            ? administrator
            : throw new AccessDeniedException("Only administrators can do this.");
}
