namespace NexLlm.Dashboard.Data;

/// <summary>
/// The database has one writer at a time. Writers of this process queue here asynchronously,
/// instead of blocking a thread in SQLite's busy wait or holding a connection to a server.
/// </summary>
public sealed class WriteGate : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private long _turns;

    /// <summary>The number of completed turns. While it is unchanged, this process has committed nothing.</summary>
    public long Turns => Volatile.Read(ref _turns);

    /// <summary>Waits for the caller's turn. Disposing the lease ends it.</summary>
    public async Task<Lease> EnterAsync(CancellationToken cancellation = default)
    {
        await _turn.WaitAsync(cancellation);
        return new Lease(this);
    }

    /// <summary>For the few synchronous writes of the framework (Data Protection's key ring).</summary>
    public Lease Enter()
    {
        _turn.Wait();
        return new Lease(this);
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>The right to write, held until disposed.</summary>
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
