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

/// <summary>Prepares the database and, until disposed, excludes whoever may not use it at the same time.</summary>
internal abstract class DatabaseStartup(IServiceProvider services) : IDisposable
{
    /// <exception cref="StartRefusedException">The database is unusable, or a server uses it that doesn't share it.</exception>
    public abstract Task PrepareForServerAsync(CancellationToken cancellation = default);

    /// <summary>For a command that writes data otherwise written only by the server: no server can run until this object is disposed.</summary>
    /// <param name="first">An action that runs before the database is opened for use.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <exception cref="StartRefusedException">A server uses the database, or the database is unusable.</exception>
    public abstract Task PrepareForCommandAloneAsync(Func<Task>? first = null, CancellationToken cancellation = default);

    /// <summary>For a command that may run beside the server. If a server is running, it has already prepared the database.</summary>
    /// <exception cref="StartRefusedException">The database is unusable, or was created by another version.</exception>
    public abstract Task PrepareForCommandAsync(CancellationToken cancellation = default);

    public abstract void Dispose();

    /// <summary>Checks that the prepared data, such as the secrets in the database, is usable. Changes nothing.</summary>
    /// <exception cref="StartRefusedException">The data is unusable, or doesn't match the settings.</exception>
    public async Task RequireAsync(CancellationToken cancellation = default)
    {
        foreach (var preparation in services.GetServices<IDataPreparation>())
        {
            await preparation.RequireAsync(cancellation);
        }
    }

    protected async Task RunPreparationsAsync(CancellationToken cancellation)
    {
        foreach (var preparation in services.GetServices<IDataPreparation>())
        {
            await preparation.PrepareAsync(cancellation);
        }
    }
}
