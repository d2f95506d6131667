using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Accounts.Sessions;

/// <summary>One of a person's logins.</summary>
/// <param name="Id">The session.</param>
/// <param name="IsThis">Whether it is the one that asks.</param>
/// <param name="UserAgent">What the browser calls itself; null if it does not say.</param>
/// <param name="Address">Where it logged in from; null if unknown.</param>
/// <param name="StartedAt">When it logged in.</param>
/// <param name="LastSeenAt">When it was last used, to five minutes.</param>
/// <param name="Provider">What people call the OpenID provider that it came from; null if none.</param>
public sealed record LoginView(
    Guid Id, bool IsThis, string? UserAgent, string? Address, DateTimeOffset StartedAt, DateTimeOffset LastSeenAt, string? Provider);

/// <summary>A person's own logins: which there are, and their ends. Open to a session that has yet to add a required factor.</summary>
public sealed class SessionService(
    IDbContextFactory<NexLlmDbContext> contexts, LoginSessions sessions, LiveConnections connections, IOptions<SingleSignOnOptions> providers, TimeProvider clock)
{
    private static readonly TimeSpan _seenPrecision = TimeSpan.FromMinutes(5);

    /// <summary>The actor's live logins, the last used first.</summary>
    /// <exception cref="AccessDeniedException">The actor's login is over.</exception>
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

    /// <summary>Ends one of the actor's logins; another person's does not exist.</summary>
    /// <exception cref="AccessDeniedException">The actor's login is over.</exception>
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

    /// <summary>Ends all of the actor's logins but the one that asks.</summary>
    /// <returns>How many there were.</returns>
    /// <exception cref="AccessDeniedException">The actor's login is over.</exception>
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

    /// <summary>Ends the actor's own login.</summary>
    /// <exception cref="AccessDeniedException">The actor's login is over already.</exception>
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

    /// <summary>Whose login the session is, if it is still good, and lets it slide. Asked at every HTTP request.</summary>
    /// <returns>The account; null if the session is over.</returns>
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

    /// <summary>Whether the session began before sessions knew the security stamp of their account, and would be good but for that.</summary>
    internal async Task<bool> EndedByUpgradeAsync(Guid id, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var now = clock.GetUtcNow();
        return await db.Set<LoginSession>().AnyAsync(
            s => s.Id == id && s.SecurityStamp == null && s.EndedAt == null && s.ExpiresAt > now
                && db.Users.Any(a => a.Id == s.AccountId && a.DisabledAt == null),
            cancellation);
    }

    /// <summary>Makes sure that the session is over, whoever's it is: its cookie is being taken away.</summary>
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
    /// <summary>Sessions that are neither ended nor expired, of accounts that are not disabled and have the same credentials as when it began.</summary>
    public static IQueryable<LoginSession> Live(this NexLlmDbContext db, DateTimeOffset now) =>
        from session in db.Set<LoginSession>()
        join account in db.Users on session.AccountId equals account.Id
        where session.EndedAt == null && session.ExpiresAt > now && account.DisabledAt == null
            && session.SecurityStamp == account.SecurityStamp
        select session;
}
