using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Paging;

namespace NexLlm.Dashboard.Accounts.Administration;

/// <summary>All accounts, for administrators.</summary>
/// <remarks>Every operation throws <see cref="AccessDeniedException"/> unless an administrator asks.</remarks>
public sealed class AccountList(IDbContextFactory<NexLlmDbContext> contexts, TimeProvider clock)
{
    public async Task<Page<AccountDetails>> ListAsync(Actor actor, AccountQuery query, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await db.RequireAdministratorAsync(actor, clock.GetUtcNow(), cancellation);
        return await db.AccountPageAsync(query, cancellation);
    }

    /// <summary>How many accounts each chip shows.</summary>
    public async Task<AccountCounts> CountAsync(Actor actor, string? search, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await db.RequireAdministratorAsync(actor, clock.GetUtcNow(), cancellation);
        return await db.AccountCountsAsync(search, cancellation);
    }

    /// <summary>Null if there is no account with this id.</summary>
    public async Task<AccountDetails?> FindAsync(Actor actor, long id, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await db.RequireAdministratorAsync(actor, clock.GetUtcNow(), cancellation);
        return await db.AccountDetails().SingleOrDefaultAsync(a => a.Id == id, cancellation);
    }
}
