using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace NexLlm.Dashboard.Data;

/// <summary>Done once the schema is current and before anything else uses the database; in the order of registration.</summary>
public interface IDataPreparation
{
    /// <summary>Idempotent: it runs at every start. Only the holder of the file's lock calls it.</summary>
    /// <exception cref="StartRefusedException">The program cannot go on with what it finds.</exception>
    Task PrepareAsync(CancellationToken cancellation);

    /// <summary>For a command beside the server, which has prepared everything: only looks whether the command can go on.</summary>
    /// <exception cref="StartRefusedException">It cannot.</exception>
    Task RequireAsync(CancellationToken cancellation) => Task.CompletedTask;
}

/// <summary>Marks a command that cannot run beside the server.</summary>
public interface IRunsAlone;

/// <summary>Marks a command that takes the database as it finds it; if it needs more, it gets it ready itself.</summary>
public interface IPreparesItself;

/// <summary>Makes the database file ready for use, and keeps other servers away from it until disposed.</summary>
internal sealed class DatabaseStartup(
    IOptions<DatabaseOptions> options, SchemaUpgrade schema, DatabasePosition position, IServiceProvider services) : IDisposable
{
    private InstanceLock? _lock;

    /// <exception cref="StartRefusedException">Another server has the file, or it cannot be used.</exception>
    public Task PrepareForServerAsync(CancellationToken cancellation = default) => InWordsAsync(async () =>
    {
        _lock = TakeLock() ?? throw new StartRefusedException(
            $"Another NexLLM Dashboard is using {options.Value.Path}. Stop it, or set ConnectionStrings__{DatabaseOptions.ConnectionName} to another file.");
        await PrepareAsync(cancellation);
    });

    /// <summary>For a command that writes what only the server writes: no server runs until this is disposed.</summary>
    /// <param name="first">What is done to the file before it is used.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StartRefusedException">A server has the file, or it cannot be used.</exception>
    public Task PrepareForCommandAloneAsync(Func<Task>? first = null, CancellationToken cancellation = default) => InWordsAsync(async () =>
    {
        _lock = TakeLock() ?? throw new StartRefusedException(
            $"A server is using {options.Value.Path}. Stop it first, then run this command.");
        await (first?.Invoke() ?? Task.CompletedTask);
        await PrepareAsync(cancellation);
    });

    /// <summary>A command may run beside the server; then the server has prepared everything already.</summary>
    /// <exception cref="StartRefusedException">The file cannot be used, or not by this version.</exception>
    public Task PrepareForCommandAsync(CancellationToken cancellation = default) => InWordsAsync(async () =>
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

    /// <summary>Looks whether what was prepared can be used, such as the secrets in the database, and changes nothing.</summary>
    /// <exception cref="StartRefusedException">It cannot, or not with these settings.</exception>
    public async Task RequireAsync(CancellationToken cancellation = default)
    {
        foreach (var preparation in services.GetServices<IDataPreparation>())
        {
            await preparation.RequireAsync(cancellation);
        }
    }

    /// <summary>Closes the pooled connections, so that SQLite empties its log into the file, and gives the file free.</summary>
    public void Dispose()
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
        OwnerOnly.PrepareDatabase(options.Value.Path);
        position.Require();
        await schema.RunAsync(cancellation);
        foreach (var preparation in services.GetServices<IDataPreparation>())
        {
            await preparation.PrepareAsync(cancellation);
        }

        position.Save();
    }

    private InstanceLock? TakeLock()
    {
        OwnerOnly.CreateFolder(options.Value.Folder);
        OwnerOnly.RestrictFolder(options.Value.Folder, IsOwn);
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
