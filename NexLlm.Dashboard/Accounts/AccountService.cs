using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Accounts;

/// <summary>What a logged-in person sees and changes of the own account.</summary>
public sealed class AccountService(IDbContextFactory<NexLlmDbContext> contexts, TimeProvider clock)
{
    /// <summary>The actor's own account.</summary>
    /// <exception cref="AccessDeniedException">The actor's login is over.</exception>
    public async Task<AccountOverview> GetAsync(Actor actor, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var acting = await db.RequireAsync(actor, clock.GetUtcNow(), cancellation);
        var account = await db.Users.AsNoTracking().SingleAsync(a => a.Id == acting.Id, cancellation);
        return new AccountOverview(acting.Id, acting.Email, acting.IsAdministrator, account.TokenLimit, account.UsedTokens);
    }
}

/// <summary>An account as its owner sees it.</summary>
/// <param name="Id">The account.</param>
/// <param name="Email">The log-in name.</param>
/// <param name="IsAdministrator">Whether it may do what administrators may.</param>
/// <param name="TokenLimit">The overall quota in charged tokens; null is unlimited.</param>
/// <param name="UsedTokens">What of it is used.</param>
public sealed record AccountOverview(long Id, string Email, bool IsAdministrator, long? TokenLimit, long UsedTokens);
