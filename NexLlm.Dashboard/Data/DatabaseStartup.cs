using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace NexLlm.Dashboard.Data;

/// <summary>A step that runs after the schema upgrade and before anything else uses the database, in order of registration.</summary>
public interface IDataPreparation
{
    /// <summary>Must be idempotent because it runs at every start. The caller holds the instance lock.</summary>
    /// <exception cref="StartRefusedException">The application can't start with the existing data.</exception>
    Task PrepareAsync(CancellationToken cancellation);

    /// <summary>
    /// Called for a command that runs beside the server, which has already prepared the data. Only checks whether the command can continue.
    /// </summary>
    /// <exception cref="StartRefusedException">The command can't continue.</exception>
    Task RequireAsync(CancellationToken cancellation) => Task.CompletedTask;
}

/// <summary>Marks a command that can't run while the server is running.</summary>
public interface IRunsAlone;

/// <summary>Marks a command that uses the database in its current state and does any preparation itself.</summary>
public interface IPreparesItself;

/// <summary>Prepares the database file and locks out other servers until disposed.</summary>
internal sealed class DatabaseStartup(
    IOptions<DatabaseOptions> options, SchemaUpgrade schema, DatabasePosition position, IServiceProvider services) : IDisposable
{
    private InstanceLock? _lock;

    /// <exception cref="StartRefusedException">Another server uses the file, or the file is unusable.</exception>
    public Task PrepareForServerAsync(CancellationToken cancellation = default) => InWordsAsync(async () =>
    {
        _lock = TakeLock() ?? throw new StartRefusedException(
            $"Another NexLLM Dashboard is using {options.Value.Path}. Stop it, or set ConnectionStrings__{DatabaseOptions.ConnectionName} to another file.");
        await PrepareAsync(cancellation);
    });

    /// <summary>For a command that writes data otherwise written only by the server: no server can run until this object is disposed.</summary>
    /// <param name="first">An action that runs before the file is opened for use.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <exception cref="StartRefusedException">A server uses the file, or the file is unusable.</exception>
    public Task PrepareForCommandAloneAsync(Func<Task>? first = null, CancellationToken cancellation = default) => InWordsAsync(async () =>
    {
        _lock = TakeLock() ?? throw new StartRefusedException(
            $"A server is using {options.Value.Path}. Stop it first, then run this command.");
        await (first?.Invoke() ?? Task.CompletedTask);
        await PrepareAsync(cancellation);
    });

    /// <summary>For a command that may run beside the server. If a server is running, it has already prepared the database.</summary>
    /// <exception cref="StartRefusedException">The file is unusable, or was created by another version.</exception>
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

    /// <summary>Checks that the prepared data, such as the secrets in the database, is usable. Changes nothing.</summary>
    /// <exception cref="StartRefusedException">The data is unusable, or doesn't match the settings.</exception>
    public async Task RequireAsync(CancellationToken cancellation = default)
    {
        foreach (var preparation in services.GetServices<IDataPreparation>())
        {
            await preparation.RequireAsync(cancellation);
        }
    }

    /// <summary>Closes the pooled connections, so that SQLite merges its write-ahead log into the file, and releases the lock.</summary>
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
        PrivateFiles.PrepareDatabase(options.Value.Path);
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
