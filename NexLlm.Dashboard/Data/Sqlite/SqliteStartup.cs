using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace NexLlm.Dashboard.Data.Sqlite;

/// <summary>Prepares the database file and locks out other servers until disposed.</summary>
internal sealed class SqliteStartup(
    IOptions<SqliteOptions> options, IDbContextFactory<SqliteContext> contexts, SchemaUpgrade schema, DatabasePosition position, IServiceProvider services) : DatabaseStartup(services)
{
    private InstanceLock? _lock;

    public override Task PrepareForServerAsync(CancellationToken cancellation = default) => InWordsAsync(async () =>
    {
        _lock = TakeLock() ?? throw new StartRefusedException(
            $"Another NexLLM Dashboard is using {options.Value.Path}. Stop it, or set ConnectionStrings__{DatabaseOptions.ConnectionName} to another file.");
        await PrepareAsync(cancellation);
    });

    public override Task PrepareForCommandAloneAsync(Func<Task>? first = null, CancellationToken cancellation = default) => InWordsAsync(async () =>
    {
        _lock = TakeLock() ?? throw new StartRefusedException(
            $"A server is using {options.Value.Path}. Stop it first, then run this command.");
        await (first?.Invoke() ?? Task.CompletedTask);
        await PrepareAsync(cancellation);
    });

    public override Task PrepareForCommandAsync(CancellationToken cancellation = default) => InWordsAsync(async () =>
    {
        using var alone = TakeLock();
        if (alone is not null)
        {
            await PrepareAsync(cancellation);
            return;
        }

        await schema.RequireCurrentAsync(cancellation);
        await RequireAsync(cancellation);
    });

    /// <summary>Closes the pooled connections, so that SQLite merges its write-ahead log into the file, and releases the lock.</summary>
    public override void Dispose()
    {
        if (_lock is not null)
        {
            using (var pooled = new SqliteConnection(options.Value.ConnectionString))
            {
                SqliteConnection.ClearPool(pooled);
            }

            _lock.Dispose();
        }
    }

    private async Task PrepareAsync(CancellationToken cancellation)
    {
        PrivateFiles.PrepareDatabase(options.Value.Path);
        position.Require();
        await ClearStaleLockAsync(cancellation);
        await schema.RunAsync(cancellation);
        await using (var db = await contexts.CreateDbContextAsync(cancellation))
        {
            await db.Database.ExecuteSqlAsync($"PRAGMA journal_mode=WAL", cancellation);
        }

        await RunPreparationsAsync(cancellation);
        position.Save();
    }

    /// <summary>
    /// A process killed during a migration leaves a lock row that EF Core would wait for indefinitely. The instance lock guarantees that no
    /// other process is migrating, so the row is stale.
    /// </summary>
    private async Task ClearStaleLockAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        // A query that can't open the file would log where it failed, which tells operators nothing.
        await db.Database.OpenConnectionAsync(cancellation);
        var tables = await db.Database.SqlQuery<int>(
            $"SELECT COUNT(*) AS Value FROM sqlite_master WHERE type = 'table' AND name = '__EFMigrationsLock'").SingleAsync(cancellation);
        if (tables > 0)
        {
            await db.Database.ExecuteSqlAsync($"DELETE FROM __EFMigrationsLock", cancellation);
        }
    }

    private InstanceLock? TakeLock()
    {
        PrivateFiles.CreateFolder(options.Value.Folder);
        PrivateFiles.RestrictFolder(options.Value.Folder, IsOwn);
        return InstanceLock.TryTake(options.Value.Path);
    }

    private bool IsOwn(string name) =>
        name is "master.key" or "backups"
        || name.StartsWith(Path.GetFileNameWithoutExtension(options.Value.Path), StringComparison.Ordinal);

    private async Task InWordsAsync(Func<Task> start)
    {
        var path = options.Value.Path;
        try
        {
            await start();
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new StartRefusedException(
                $"No write permission for {options.Value.Folder} ({e.Message}) Grant it to this user, or set {DatabaseOptions.ConnectionSetting} to another path.", e);
        }
        catch (SqliteException e)
        {
            throw new StartRefusedException(e.SqliteErrorCode switch
            {
                SqliteErrors.NotADatabase => $"{path} is not an SQLite database. Set {DatabaseOptions.ConnectionSetting} to another file.",
                SqliteErrors.Corrupt => $"{path} is damaged. Restore it from a backup.",
                SqliteErrors.Busy or SqliteErrors.Locked => $"{path} is locked by another program. Close that program and try again.",
                SqliteErrors.ReadOnly or SqliteErrors.CannotOpen => $"No write permission for {path}.",
                SqliteErrors.Full => $"The disk of {path} is full. Free up space and try again.",
                _ => $"Can't use {path} ({e.Message}).",
            }, e);
        }
    }
}
