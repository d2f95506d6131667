using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Keys;

/// <summary>
/// Maps the hash of a secret to its key, in memory. All hashes are loaded at startup, so that a wrong secret costs no database
/// access. A key's row is read on its first use, and again after each change.
/// </summary>
public sealed class KeyDirectory : IDisposable
{
    private readonly KnownHashes _known = new();
    private readonly ConcurrentDictionary<KeyHash, LiveKey> _byHash = new();
    private readonly ConcurrentDictionary<long, LiveKey> _byId = new();
    private readonly IDbContextFactory<NexLlmDbContext> _contexts;
    private readonly AccountDirectory _accounts;
    private readonly IDisposable _changes;
    private readonly IDisposable _events;

    public KeyDirectory(IDbContextFactory<NexLlmDbContext> contexts, AccountDirectory accounts, KeyChanges changes, AuditEvents events)
    {
        _contexts = contexts;
        _accounts = accounts;
        _changes = changes.Subscribe(change =>
        {
            if (!change.OnlyUsage)
            {
                MarkStale(change.KeyIds);
            }
        });
        _events = events.Subscribe(recorded =>
        {
            if (recorded.KeyId is { } key)
            {
                MarkStale([key]);
            }
        });
    }

    /// <summary>
    /// Returns the key including every change published before the call, also if it is deleted; null if it never existed.
    /// Completes synchronously without allocating if the key is in memory.
    /// </summary>
    public ValueTask<LiveKey?> FindAsync(KeyHash hash, CancellationToken cancellation = default)
    {
        if (_byHash.TryGetValue(hash, out var key))
        {
            return key.IsCurrent && key.Account.IsCurrent ? new(key) : new(RefreshAsync(key, cancellation));
        }

        return _known.Contains(hash.Prefix) ? new(LoadAsync(hash, cancellation)) : default;
    }

    /// <summary>The key's current usage, which the database gets within a second; null if it was not used since the start.</summary>
    public long? UsedBy(long keyId) => _byId.TryGetValue(keyId, out var key) ? key.Spending.Used : null;

    /// <summary>Adds a hash, so that its secret will be looked up.</summary>
    public void Learn(ReadOnlySpan<byte> hash) => _known.Add(KeyHash.PrefixOf(hash));

    public void Dispose()
    {
        _changes.Dispose();
        _events.Dispose();
    }

    /// <summary>Loads all hashes.</summary>
    internal async Task LearnAllAsync(CancellationToken cancellation)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        await db.ReadBlobsAsync("SELECT SecretHash FROM ApiKeys", Learn, cancellation);
    }

    private async Task<LiveKey?> LoadAsync(KeyHash hash, CancellationToken cancellation)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        var bytes = hash.ToArray();
        if (await db.Set<ApiKey>().AsNoTracking().SingleOrDefaultAsync(k => k.SecretHash == bytes, cancellation) is not { } row)
        {
            return null;
        }

        // Stale at first, and registered from here on, so that the next read notices any change after this one.
        var account = await _accounts.FindAsync(row.OwnerId, cancellation);
        var key = _byId.GetOrAdd(row.Id, new LiveKey(row.Id, account, StateOf(row), row.UsedTokens));
        _byHash.TryAdd(hash, key);
        return await RefreshAsync(key, cancellation);
    }

    private async Task<LiveKey?> RefreshAsync(LiveKey key, CancellationToken cancellation)
    {
        await _accounts.FindAsync(key.Account.Id, cancellation);
        await key.RefreshAsync(async () =>
        {
            await using var db = await _contexts.CreateDbContextAsync(cancellation);
            return StateOf(await db.Set<ApiKey>().AsNoTracking().SingleAsync(k => k.Id == key.Id, cancellation));
        });
        return key;
    }

    private static KeyState StateOf(ApiKey row) =>
        new(row.Name, new KeySnapshot(row.IsEnabled, row.Policy), row.DeletedAt is not null);

    private void MarkStale(IReadOnlyList<long> ids)
    {
        foreach (var id in ids)
        {
            if (_byId.TryGetValue(id, out var key))
            {
                key.MarkStale();
            }
        }
    }
}
