using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Accounts;

/// <summary>Accounts in memory, for those who cannot ask the database at every request. Loaded when first asked for.</summary>
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

    /// <summary>The account as it is after every change that was published before the call.</summary>
    /// <exception cref="InvalidOperationException">There is none with this id: accounts are never removed, so nobody knows its id.</exception>
    public ValueTask<LiveAccount> FindAsync(long id, CancellationToken cancellation = default) =>
        _accounts.TryGetValue(id, out var account) && account.IsCurrent ? new(account) : new(LoadAsync(id, cancellation));

    public void Dispose() => _changes.Dispose();

    internal LiveAccount? FindLoaded(long id) => _accounts.GetValueOrDefault(id);

    private async Task<LiveAccount> LoadAsync(long id, CancellationToken cancellation)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        if (!_accounts.TryGetValue(id, out var account))
        {
            // Stale from the start, and known from here on: a change after this reading is noticed by the next one.
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
