using Microsoft.EntityFrameworkCore;

namespace NexLlm.Dashboard.Data.Sqlite;

/// <summary>Upgrades the file's schema to this version, or explains why it can't.</summary>
internal sealed class SchemaUpgrade(IDbContextFactory<SqliteContext> contexts, ILogger<SchemaUpgrade> log)
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(10);

    /// <summary>The caller must hold the <see cref="InstanceLock"/>.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var pending = await PendingAsync(db, cancellation);
        await ClearStaleLockAsync(db, cancellation);
        if (pending is not [])
        {
            log.LogInformation("Upgrading the database: {Migrations}", string.Join(", ", pending));
            await MigrateAsync(db, cancellation);
        }

        await db.Database.ExecuteSqlAsync($"PRAGMA journal_mode=WAL", cancellation);
    }

    /// <exception cref="StartRefusedException">The file's schema must be upgraded first.</exception>
    public async Task RequireCurrentAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (await PendingAsync(db, cancellation) is not [])
        {
            throw new StartRefusedException(
                "The running server uses an older database schema. Restart it with this version first.");
        }
    }

    private static async Task<IReadOnlyList<string>> PendingAsync(SqliteContext db, CancellationToken cancellation)
    {
        var known = db.Database.GetMigrations().ToList();
        var applied = (await db.Database.GetAppliedMigrationsAsync(cancellation)).ToList();
        return applied.Except(known).LastOrDefault() is { } newer
            ? throw new StartRefusedException(
                $"The database was created by a newer version (it has {newer}). Run that version, or restore a backup from before the upgrade.")
            : [.. known.Except(applied)];
    }

    /// <summary>
    /// A process killed during a migration leaves a lock row that EF Core would wait for indefinitely. The instance lock guarantees that no
    /// other process is migrating, so the row is stale.
    /// </summary>
    private static async Task ClearStaleLockAsync(SqliteContext db, CancellationToken cancellation)
    {
        var tables = await db.Database.SqlQuery<int>(
            $"SELECT COUNT(*) AS Value FROM sqlite_master WHERE type = 'table' AND name = '__EFMigrationsLock'").SingleAsync(cancellation);
        if (tables > 0)
        {
            await db.Database.ExecuteSqlAsync($"DELETE FROM __EFMigrationsLock", cancellation);
        }
    }

    private static async Task MigrateAsync(SqliteContext db, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(_patience);
        try
        {
            await db.Database.MigrateAsync(patience.Token);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new StartRefusedException(
                $"The database upgrade timed out after {_patience.TotalMinutes} minutes. Close other programs that use the file and try again.", e);
        }
    }
}
