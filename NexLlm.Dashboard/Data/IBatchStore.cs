namespace NexLlm.Dashboard.Data;

/// <summary>A connection that writes one batch after another, each in its own transaction. Not thread-safe.</summary>
internal interface IBatchStore : IDisposable
{
    /// <summary>Begins a batch. Disposing without a commit rolls it back.</summary>
    void Begin();

    /// <exception cref="CommitUnknownException">The connection broke, so the batch may or may not be stored.</exception>
    void Commit();
}

/// <summary>The database may have committed what the caller has to assume failed. Writing it again must do no harm.</summary>
internal sealed class CommitUnknownException(Exception cause) : Exception("The connection broke during a commit.", cause);
