namespace NexLlm.Dashboard.Data.Transfer;

/// <summary>An engine to which a database can be moved.</summary>
internal interface ITransferTarget
{
    /// <summary>The engine's name, as in <see cref="IDatabaseEngine.Name"/>.</summary>
    string Engine { get; }

    /// <summary>The engine, worded for operators.</summary>
    string Title { get; }

    /// <summary>A connection string.</summary>
    string Example { get; }

    /// <summary>Creates the schema in an empty database and excludes servers from it until the result is disposed.</summary>
    /// <param name="connection">The connection string.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <exception cref="StartRefusedException">The destination can't be used, or isn't empty.</exception>
    Task<OpenTarget> OpenAsync(string connection, CancellationToken cancellation);
}

/// <summary>An empty database that is ready to be filled.</summary>
internal abstract class OpenTarget : IAsyncDisposable
{
    /// <summary>The database as shown to operators.</summary>
    public abstract string Location { get; }

    /// <summary>A context without the interceptors of the application, so that rows are stored as they are read.</summary>
    public abstract NexLlmDbContext CreateContext();

    /// <summary>Makes the table continue its IDs after this one.</summary>
    public abstract Task ContinueIdsAsync(NexLlmDbContext db, string table, long last, CancellationToken cancellation);

    public abstract ValueTask DisposeAsync();
}
