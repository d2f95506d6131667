using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Accounts.Sessions;

/// <summary>One of a person's sessions.</summary>
/// <param name="Id">The session's ID.</param>
/// <param name="IsThis">Whether it is the actor's current session.</param>
/// <param name="UserAgent">The browser's <c>User-Agent</c> header; null if it sent none.</param>
/// <param name="Address">The IP address of the login; null if unknown.</param>
/// <param name="StartedAt">When the person logged in.</param>
/// <param name="LastSeenAt">When it was last active, accurate to five minutes.</param>
/// <param name="Provider">The display name of the OpenID provider used to log in; null if none.</param>
public sealed record LoginView(
    Guid Id, bool IsThis, string? UserAgent, string? Address, DateTimeOffset StartedAt, DateTimeOffset LastSeenAt, string? Provider);

/// <summary>Lists and ends a person's own sessions. Also available to a session that still lacks a required factor.</summary>
public sealed class SessionService(
    IDbContextFactory<NexLlmDbContext> contexts, LoginSessions sessions, LiveConnections connections, IOptions<SingleSignOnOptions> providers, TimeProvider clock)
{
    private static readonly TimeSpan _seenPrecision = TimeSpan.FromMinutes(5);

    /// <summary>Lists the actor's live sessions, most recently used first.</summary>
    /// <exception cref="AccessDeniedException">The actor's session has ended.</exception>
    public async Task<IReadOnlyList<LoginView>> ListAsync(Actor actor, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var now = clock.GetUtcNow();
        var acting = await db.RequireSessionAsync(actor, now, cancellation);
        var logins = await db.Live(now).AsNoTracking().Where(s => s.AccountId == acting.Id)
            .OrderByDescending(s => s.LastSeenAt).ThenByDescending(s => s.CreatedAt)
            .Select(s => new LoginView(s.Id, s.Id == actor.SessionId, s.UserAgent, s.Address, s.CreatedAt, s.LastSeenAt, s.Provider))
            .ToListAsync(cancellation);
        return [.. logins.Select(l => l with { Provider = providers.Value.Find(l.Provider)?.Title ?? l.Provider })];
    }

    /// <summary>Ends one of the actor's sessions. Other people's sessions are treated as nonexistent.</summary>
    /// <exception cref="AccessDeniedException">The actor's session has ended.</exception>
    public async Task<bool> RevokeAsync(Actor actor, Guid sessionId, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var now = clock.GetUtcNow();
        var acting = await db.RequireSessionAsync(actor, now, cancellation);
        if (!await LoginSessions.EndAsync(db, acting.Id, sessionId, now, cancellation))
        {
            return false;
        }

        AuditTrail.Record(db, actor, now, AuditActions.AccountSessionRevoked, acting.Id);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        connections.End(sessionId);
        return true;
    }

    /// <summary>Ends all of the actor's sessions except the current one.</summary>
    /// <returns>The number of ended sessions.</returns>
    /// <exception cref="AccessDeniedException">The actor's session has ended.</exception>
    public async Task<int> RevokeOthersAsync(Actor actor, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var now = clock.GetUtcNow();
        var acting = await db.RequireSessionAsync(actor, now, cancellation);
        var ended = await LoginSessions.EndOthersAsync(db, acting.Id, actor.SessionId, now, cancellation);
        foreach (var _ in ended)
        {
            AuditTrail.Record(db, actor, now, AuditActions.AccountSessionRevoked, acting.Id);
        }

        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        connections.End([.. ended]);
        return ended.Count;
    }

    /// <summary>Ends the actor's current session.</summary>
    /// <exception cref="AccessDeniedException">The session has already ended.</exception>
    public async Task LogOutAsync(Actor actor, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var now = clock.GetUtcNow();
        var acting = await db.RequireSessionAsync(actor, now, cancellation);
        await LoginSessions.EndAsync(db, acting.Id, actor.SessionId, now, cancellation);
        AuditTrail.Record(db, actor, now, AuditActions.AccountLoggedOut, acting.Id);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        connections.End(actor.SessionId);
    }

    /// <summary>Returns the account of a session that is still valid, and extends the session. Called on every HTTP request.</summary>
    /// <returns>The account; null if the session has ended.</returns>
    internal async Task<long?> FindLiveAsync(Guid id, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var now = clock.GetUtcNow();
        var session = await db.Live(now).AsNoTracking().SingleOrDefaultAsync(s => s.Id == id, cancellation);
        if (session is not null && now - session.LastSeenAt >= _seenPrecision)
        {
            var expiresAt = sessions.ExpiresAt(session.CreatedAt, now);
            await using var transaction = await db.BeginWriteAsync(cancellation);
            await db.Set<LoginSession>().Where(s => s.Id == session.Id).ExecuteUpdateAsync(
                s => s.SetProperty(x => x.LastSeenAt, now).SetProperty(x => x.ExpiresAt, expiresAt), cancellation);
            await transaction.CommitAsync(cancellation);
        }

        return session?.AccountId;
    }

    /// <summary>Whether the session predates the security stamp in sessions and would otherwise be valid.</summary>
    internal async Task<bool> EndedByUpgradeAsync(Guid id, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var now = clock.GetUtcNow();
        return await db.Set<LoginSession>().AnyAsync(
            s => s.Id == id && s.SecurityStamp == null && s.EndedAt == null && s.ExpiresAt > now
                && db.Users.Any(a => a.Id == s.AccountId && a.DisabledAt == null),
            cancellation);
    }

    /// <summary>Ends the session, whoever owns it, because its cookie is being removed.</summary>
    internal async Task EndAsync(Guid id, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var now = clock.GetUtcNow();
        await db.Set<LoginSession>().Where(s => s.Id == id && s.EndedAt == null)
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.EndedAt, now), cancellation);
        connections.End(id);
    }
}

internal static class LiveSessions
{
    /// <summary>
    /// The sessions that haven't ended or expired, of enabled accounts whose credentials haven't changed since the session started.
    /// </summary>
    public static IQueryable<LoginSession> Live(this NexLlmDbContext db, DateTimeOffset now) =>
        from session in db.Set<LoginSession>()
        join account in db.Users on session.AccountId equals account.Id
        where session.EndedAt == null && session.ExpiresAt > now && account.DisabledAt == null
            && session.SecurityStamp == account.SecurityStamp
        select session;
}
