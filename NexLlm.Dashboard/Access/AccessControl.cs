using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Access;

/// <summary>An account that was just seen to be active, with a live login session.</summary>
/// <param name="Id">The account.</param>
/// <param name="Email">The log-in name.</param>
/// <param name="IsAdministrator">Whether it may do what administrators may.</param>
/// <param name="Method">How the session's person proved who they are.</param>
/// <param name="AuthenticatedAt">When they last did.</param>
/// <param name="MustHaveFactor">Whether the settings require more than a password of this account.</param>
public sealed record ActingAccount(
    long Id, string Email, bool IsAdministrator, LogInMethod Method, DateTimeOffset AuthenticatedAt, bool MustHaveFactor)
{
    /// <summary>How long after the log-in, or after the last confirmation, critical changes ask for no other.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(5);

    /// <summary>Whether the session began with a password alone, where more is required.</summary>
    public bool LacksFactor => MustHaveFactor && Method is LogInMethod.Password;

    /// <summary>The same account, if its person proved who they are a moment ago: for what a screen left unlocked must not give away.</summary>
    /// <exception cref="ReauthenticationRequiredException">They did not.</exception>
    public ActingAccount RequireRecent(DateTimeOffset now) =>
        now - AuthenticatedAt <= Grace ? this : throw new ReauthenticationRequiredException();
}

/// <summary>
/// The operation is refused because of who asks. Pages answer it by leading to the log-in page; it never says whether
/// what was asked for exists.
/// </summary>
public class AccessDeniedException(string message) : Exception(message);

/// <summary>The person has to prove anew who they are, and may then ask again. Pages answer it with a dialog, or lead to one that asks.</summary>
public sealed class ReauthenticationRequiredException() : AccessDeniedException("Confirm it's you to continue.");

/// <summary>The account needs a second factor before it may do anything else. Pages lead to where it is set up.</summary>
public sealed class SecondFactorRequiredException() : AccessDeniedException("Set up two-step verification to continue.");

/// <summary>Asks the database, at every operation, whether the actor may act at all.</summary>
public static class AccessControl
{
    /// <exception cref="AccessDeniedException">The session is over or unknown, or the account is disabled or gone.</exception>
    /// <exception cref="SecondFactorRequiredException">The session began with a password alone, and the settings require more of this account.</exception>
    public static async Task<ActingAccount> RequireAsync(
        this NexLlmDbContext db, Actor actor, DateTimeOffset now, CancellationToken cancellation = default) =>
        await db.RequireSessionAsync(actor, now, cancellation) is { LacksFactor: false } acting ? acting : throw new SecondFactorRequiredException();

    /// <summary>
    /// Asks only for a live session. For what somebody does who has yet to add the factor that is required of the account: seeing the own account,
    /// setting a factor up, logging out.
    /// </summary>
    /// <exception cref="AccessDeniedException">The session is over or unknown, or the account is disabled or gone.</exception>
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
                // From the program that the context belongs to, so that no operation can forget to ask.
                db.GetService<SecondFactorPolicy>().Requires(found.IsAdministrator)),
        };
    }

    /// <summary>The same as <see cref="RequireAsync"/>, for what needs a recent proof of who asks.</summary>
    /// <exception cref="AccessDeniedException">The actor may not act.</exception>
    /// <exception cref="ReauthenticationRequiredException">The last proof is too old.</exception>
    public static async Task<ActingAccount> RequireRecentAsync(
        this NexLlmDbContext db, Actor actor, DateTimeOffset now, CancellationToken cancellation = default) =>
        (await db.RequireAsync(actor, now, cancellation)).RequireRecent(now);

    /// <summary>The same as <see cref="RequireAsync"/>, for what only administrators may do.</summary>
    /// <exception cref="AccessDeniedException">The actor may not act, or is no administrator.</exception>
    public static async Task<ActingAccount> RequireAdministratorAsync(
        this NexLlmDbContext db, Actor actor, DateTimeOffset now, CancellationToken cancellation = default) =>
        await db.RequireAsync(actor, now, cancellation) is { IsAdministrator: true } administrator
            ? administrator
            : throw new AccessDeniedException("Only administrators can do this.");
}
