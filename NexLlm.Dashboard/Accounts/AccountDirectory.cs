using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Accounts;

/// <summary>Caches accounts in memory for code that can't query the database on every request. Accounts are loaded on first use.</summary>
public sealed class AccountDirectory : IDisposable
{
    private readonly ConcurrentDictionary<long, LiveAccount> _accounts = new();
    private readonly IDbContextFactory<NexLlmDbContext> _contexts;
    private readonly IDisposable _changes;

    public AccountDirectory(IDbContextFactory<NexLlmDbContext> contexts, AccountChanges changes)
    {
        _contexts = contexts;
        _changes = changes.Subscribe(MarkStale);
    }

    /// <summary>Returns the account including every change published before the call.</summary>
    /// <exception cref="InvalidOperationException">The account doesn't exist. Accounts are never removed, so a valid ID always exists.</exception>
    public ValueTask<LiveAccount> FindAsync(long id, CancellationToken cancellation = default) =>
        _accounts.TryGetValue(id, out var account) && account.IsCurrent ? new(account) : new(LoadAsync(id, cancellation));

    public void Dispose() => _changes.Dispose();

    internal LiveAccount? FindLoaded(long id) => _accounts.GetValueOrDefault(id);

    private async Task<LiveAccount> LoadAsync(long id, CancellationToken cancellation)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        if (!_accounts.TryGetValue(id, out var account))
        {
            // A new account starts out stale, so a change made after this read is picked up by the refresh below.
            var (state, used) = await ReadAsync(db, id, cancellation);
            account = _accounts.GetOrAdd(id, new LiveAccount(id, state, used));
        }

        await account.RefreshAsync(async () => (await ReadAsync(db, id, cancellation)).State);
        return account;
    }

    private static async Task<(AccountState State, long Used)> ReadAsync(NexLlmDbContext db, long id, CancellationToken cancellation)
    {
        var row = await db.Users.Where(a => a.Id == id).Select(a => new { a.DisabledAt, a.TokenLimit, a.UsedTokens }).SingleAsync(cancellation);
        return (new AccountState(row.DisabledAt is null, row.TokenLimit), row.UsedTokens);
    }

    private void MarkStale(long id) => FindLoaded(id)?.MarkStale();
}
