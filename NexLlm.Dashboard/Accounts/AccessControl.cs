using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Accounts;

/// <summary>An account that was just seen to be active, with a live login session.</summary>
public sealed record ActingAccount(long Id, string Email, bool IsAdministrator);

/// <summary>
/// The operation is refused because of who asks. Pages answer it by leading to the log-in page; it never says whether
/// what was asked for exists.
/// </summary>
public sealed class AccessDeniedException(string message) : Exception(message);

/// <summary>Asks the database, at every operation, whether the actor may act at all.</summary>
public static class AccessControl
{
    /// <exception cref="AccessDeniedException">The session is over or unknown, or the account is disabled or gone.</exception>
    public static async Task<ActingAccount> RequireAsync(
        this NexLlmDbContext db, Actor actor, DateTimeOffset now, CancellationToken cancellation = default)
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
            _ => new ActingAccount(actor.AccountId!.Value, found.Email!, found.IsAdministrator),
        };
    }

    /// <summary>The same, for what only administrators may do.</summary>
    /// <exception cref="AccessDeniedException">The actor may not act, or is no administrator.</exception>
    public static async Task<ActingAccount> RequireAdministratorAsync(
        this NexLlmDbContext db, Actor actor, DateTimeOffset now, CancellationToken cancellation = default) =>
        await db.RequireAsync(actor, now, cancellation) is { IsAdministrator: true } administrator
            ? administrator
            : throw new AccessDeniedException("Only administrators can do this.");
}
