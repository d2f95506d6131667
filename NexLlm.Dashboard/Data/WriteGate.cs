namespace NexLlm.Dashboard.Data;

/// <summary>
/// SQLite has one writer at a time. Writers of this process queue here, asynchronously, instead of meeting a busy
/// file and blocking a thread in SQLite's own wait.
/// </summary>
public sealed class WriteGate : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private long _turns;

    /// <summary>How many turns have ended. While it stays the same, this process has committed nothing.</summary>
    public long Turns => Volatile.Read(ref _turns);

    /// <summary>Waits for the turn; disposing the lease hands it on.</summary>
    public async Task<Lease> EnterAsync(CancellationToken cancellation = default)
    {
        await _turn.WaitAsync(cancellation);
        return new Lease(this);
    }

    /// <summary>For the framework's few synchronous writes (Data Protection's key ring).</summary>
    public Lease Enter()
    {
        _turn.Wait();
        return new Lease(this);
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>The turn to write, held until disposed.</summary>
    public sealed class Lease(WriteGate gate) : IDisposable
    {
        private WriteGate? _gate = gate;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _gate, null) is { } gate)
            {
                Interlocked.Increment(ref gate._turns);
                gate._turn.Release();
            }
        }
    }
}
