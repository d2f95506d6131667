using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.LogIn;
using NexLlm.Dashboard.Accounts.Sessions;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Accounts.SingleSignOn;

/// <summary>The result of a provider's logout notification.</summary>
public abstract record BackChannelOutcome
{
    /// <param name="Sessions">The number of sessions ended; 0 if they had already ended.</param>
    public sealed record Ended(int Sessions) : BackChannelOutcome;

    /// <param name="Reason">Worded for the person who configures the provider.</param>
    public sealed record Refused(string Reason) : BackChannelOutcome;

    public sealed record UnknownProvider : BackChannelOutcome;

    public sealed record TooMany(TimeSpan RetryAfter) : BackChannelOutcome;
}

/// <summary>Ends sessions when the provider reports that they ended there.</summary>
public sealed class BackChannelLogOut(
    IDbContextFactory<NexLlmDbContext> contexts, IOptions<SingleSignOnOptions> settings, LogOutTokens tokens, AddressLimiter addresses,
    LiveConnections connections, TimeProvider clock, ILogger<BackChannelLogOut> logger)
{
    private const int MaxToken = 16 * 1_024;

    /// <param name="actor">A visitor, since the provider is unauthenticated until its token is validated.</param>
    /// <param name="providerName">The provider whose endpoint received the token.</param>
    /// <param name="logOutToken">The token, not yet validated.</param>
    /// <param name="cancellation">Cancels the operation until it commits.</param>
    public async Task<BackChannelOutcome> EndAsync(
        Actor actor, string providerName, string? logOutToken, CancellationToken cancellation = default)
    {
        if (addresses.Take(AddressAllowance.BackChannelLogOut, actor.Address) is { } wait)
        {
            return new BackChannelOutcome.TooMany(wait);
        }

        if (settings.Value.Find(providerName) is not { } provider)
        {
            return new BackChannelOutcome.UnknownProvider();
        }

        if (logOutToken is not { Length: > 0 and <= MaxToken })
        {
            return new BackChannelOutcome.Refused("Send the token as logout_token in a form.");
        }

        LogOutToken token;
        try
        {
            token = await tokens.ProveAsync(provider, logOutToken, cancellation);
        }
        catch (LogOutTokenException wrong)
        {
            logger.LogWarning("Rejected a log-out token for {Provider}: {Reason}", provider.Name, wrong.Message);
            return new BackChannelOutcome.Refused(wrong.Message);
        }

        if (!tokens.TryUse(provider, token))
        {
            return new BackChannelOutcome.Refused("The token was used before.");
        }

        try
        {
            return new BackChannelOutcome.Ended(await EndAsync(actor, provider, token, cancellation));
        }
        catch
        {
            tokens.GiveBack(provider, token);
            throw;
        }
    }

    private async Task<int> EndAsync(Actor actor, SingleSignOnProvider provider, LogOutToken token, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var now = clock.GetUtcNow();
        // Sessions that started after the token was issued belong to a later login.
        var until = token.IssuedAt + ProviderSchemes.ClockSkew;
        var sessions = await db.Set<LoginSession>()
            .Where(s => s.Provider == provider.Name && s.EndedAt == null && s.ExpiresAt > now && s.CreatedAt <= until)
            .Where(s => (token.Subject == null || s.ProviderSubject == token.Subject) && (token.SessionId == null || s.ProviderSessionId == token.SessionId))
            .ToListAsync(cancellation);
        foreach (var session in sessions)
        {
            session.EndedAt = now;
            AuditTrail.Record(
                db, actor, now, AuditActions.AccountSessionEndedByProvider, session.AccountId, null, new AuditChange("provider", null, provider.Name));
        }

        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        connections.End([.. sessions.Select(s => s.Id)]);
        return sessions.Count;
    }
}
