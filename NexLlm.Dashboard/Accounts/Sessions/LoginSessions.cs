using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Accounts.Sessions;

/// <summary>A newly started session, with the data for its cookie.</summary>
/// <param name="SessionId">The ID of the session's row.</param>
/// <param name="AccountId">The account that logged in.</param>
/// <param name="Email">The email address as stored on the account.</param>
/// <param name="Until">The end of the session's maximum lifetime.</param>
public sealed record NewLogin(Guid SessionId, long AccountId, string Email, DateTimeOffset Until);

/// <summary>The session at an OpenID provider, as stored with a session.</summary>
/// <param name="Provider">The provider's name in the settings.</param>
/// <param name="Subject">The person's ID at the provider.</param>
/// <param name="SessionId">The provider's own session ID; null if it didn't send one.</param>
/// <param name="ProtectedIdToken">The ID token, encrypted; null if it isn't kept.</param>
internal sealed record ProviderSession(string Provider, string Subject, string? SessionId, byte[]? ProtectedIdToken);

/// <summary>Starts and ends session rows inside the callers' transactions.</summary>
public sealed class LoginSessions(IOptions<AccountsOptions> options)
{
    private const int MaxUserAgent = 256;

    /// <summary>Starts a session in the visitor's browser and records it. The caller saves and commits.</summary>
    internal NewLogin Begin(
        NexLlmDbContext db, Account account, Actor visitor, string? userAgent, DateTimeOffset now, LogInMethod method = LogInMethod.Password,
        ProviderSession? provider = null)
    {
        var session = new LoginSession
        {
            Id = Guid.CreateVersion7(now),
            AccountId = account.Id,
            CreatedAt = now,
            LastSeenAt = now,
            ExpiresAt = ExpiresAt(now, now),
            UserAgent = userAgent is { Length: > MaxUserAgent } ? userAgent[..MaxUserAgent] : userAgent,
            Address = visitor.Address?.ToString(),
            Method = method,
            AuthenticatedAt = now,
            SecurityStamp = account.SecurityStamp,
            Provider = provider?.Provider,
            ProviderSubject = provider?.Subject,
            ProviderSessionId = provider?.SessionId,
            ProtectedIdToken = provider?.ProtectedIdToken,
        };
        db.Add(session);
        var actor = new Actor(account.Id, session.Id, visitor.Address);
        AuditTrail.Record(
            db, actor, now, AuditActions.AccountLoggedIn, account.Id, null, new AuditChange("method", null, InWords(method)),
            new AuditChange("provider", null, provider?.Provider));
        return new NewLogin(session.Id, account.Id, account.Email!, now + options.Value.LoginLifetime);
    }

    /// <summary>Ends one of the account's sessions, in the caller's transaction.</summary>
    /// <returns>False if there is no such live session.</returns>
    public static async Task<bool> EndAsync(
        NexLlmDbContext db, long accountId, Guid sessionId, DateTimeOffset now, CancellationToken cancellation = default) =>
        await db.Set<LoginSession>()
            .Where(s => s.AccountId == accountId && s.Id == sessionId && s.EndedAt == null && s.ExpiresAt > now)
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.EndedAt, now), cancellation) == 1;

    /// <summary>
    /// Ends a browser's previous session when it gets a new one, in the caller's
    /// transaction. Its cookie is about to be overwritten, so nobody could log it out later.
    /// </summary>
    /// <param name="actor">The browser's previous session.</param>
    /// <returns>The sessions that end with the commit.</returns>
    public static async Task<IReadOnlyList<Guid>> EndReplacedAsync(
        NexLlmDbContext db, Actor actor, DateTimeOffset now, CancellationToken cancellation = default)
    {
        if (actor.AccountId is not { } accountId || !await EndAsync(db, accountId, actor.SessionId, now, cancellation))
        {
            return [];
        }

        AuditTrail.Record(db, actor, now, AuditActions.AccountLoggedOut, accountId);
        return [actor.SessionId];
    }

    /// <summary>Ends all of the account's sessions except one, in the caller's transaction.</summary>
    /// <returns>The sessions that were live.</returns>
    public static async Task<IReadOnlyList<Guid>> EndOthersAsync(
        NexLlmDbContext db, long accountId, Guid except, DateTimeOffset now, CancellationToken cancellation = default)
    {
        var others = await db.Set<LoginSession>()
            .Where(s => s.AccountId == accountId && s.Id != except && s.EndedAt == null && s.ExpiresAt > now)
            .ToListAsync(cancellation);
        others.ForEach(s => s.EndedAt = now);
        await db.SaveChangesAsync(cancellation);
        return [.. others.Select(s => s.Id)];
    }

    /// <summary>The method for the activity log; null for the usual one, a password alone.</summary>
    private static string? InWords(LogInMethod method) => method switch
    {
        LogInMethod.PasswordAndCode => "password and code",
        LogInMethod.PasswordAndRecoveryCode => "password and recovery code",
        LogInMethod.Passkey => "passkey",
        LogInMethod.SingleSignOn => "single sign-on",
        LogInMethod.BreakGlass => "break-glass link",
        _ => null,
    };

    /// <summary>A session is extended by its use, but not beyond its maximum lifetime.</summary>
    public DateTimeOffset ExpiresAt(DateTimeOffset createdAt, DateTimeOffset seenAt)
    {
        var idle = seenAt + options.Value.LoginIdle;
        var last = createdAt + options.Value.LoginLifetime;
        return idle < last ? idle : last;
    }
}
