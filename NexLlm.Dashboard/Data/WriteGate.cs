namespace NexLlm.Dashboard.Data;

/// <summary>
/// SQLite has one writer at a time. Writers of this process queue here, asynchronously, instead of meeting a busy
/// file and blocking a thread in SQLite's own wait.
/// </summary>
public sealed class WriteGate : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Waits for the turn; disposing the lease hands it on.</summary>
    public async Task<Lease> EnterAsync(CancellationToken cancellation = default)
    {
        await _turn.WaitAsync(cancellation);
        return new Lease(_turn);
    }

    /// <summary>For the framework's few synchronous writes (Data Protection's key ring).</summary>
    public Lease Enter()
    {
        _turn.Wait();
        return new Lease(_turn);
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>The turn to write, held until disposed.</summary>
    public sealed class Lease(SemaphoreSlim turn) : IDisposable
    {
        private SemaphoreSlim? _turn = turn;

        public void Dispose() => Interlocked.Exchange(ref _turn, null)?.Release();
    }
}
