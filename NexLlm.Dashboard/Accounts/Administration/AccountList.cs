using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Paging;

namespace NexLlm.Dashboard.Accounts.Administration;

/// <summary>Lists all accounts for administrators.</summary>
/// <remarks>Every operation throws <see cref="AccessDeniedException"/> unless the actor is an administrator.</remarks>
public sealed class AccountList(IDbContextFactory<NexLlmDbContext> contexts, TimeProvider clock)
{
    public async Task<Page<AccountDetails>> ListAsync(Actor actor, AccountQuery query, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await db.RequireAdministratorAsync(actor, clock.GetUtcNow(), cancellation);
        return await db.AccountPageAsync(query, cancellation);
    }

    /// <summary>Counts the accounts per filter chip.</summary>
    public async Task<AccountCounts> CountAsync(Actor actor, string? search, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await db.RequireAdministratorAsync(actor, clock.GetUtcNow(), cancellation);
        return await db.AccountCountsAsync(search, cancellation);
    }

    /// <summary>Returns null if the account doesn't exist.</summary>
    public async Task<AccountDetails?> FindAsync(Actor actor, long id, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await db.RequireAdministratorAsync(actor, clock.GetUtcNow(), cancellation);
        return await db.AccountDetails().SingleOrDefaultAsync(a => a.Id == id, cancellation);
    }
}
