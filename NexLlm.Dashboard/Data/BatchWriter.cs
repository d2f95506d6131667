namespace NexLlm.Dashboard.Data;

/// <summary>The result of <see cref="BatchWriter{TStore}"/>'s search for work.</summary>
internal enum BatchTurn
{
    /// <summary>No work: the thread sleeps until it is woken.</summary>
    Idle,

    Batch,

    /// <summary>The writer is stopping, and this is the final batch.</summary>
    LastBatch,
}

/// <summary>
/// Writes the work queued by other threads on a dedicated thread, one batch per transaction. Stopping writes the remaining work. The thread
/// keeps retrying when writes fail and ends only when the writer is stopped.
/// </summary>
internal abstract class BatchWriter<TStore>(string threadName) : IHostedService, IDisposable
    where TStore : class, IBatchStore
{
    private readonly AutoResetEvent _work = new(false);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Thread? _thread;
    private TStore? _store;
    private bool _isStopping;
    private volatile bool _isIdle;
    private volatile bool _isFailing;

    /// <summary>Whether the last write failed or the writer has ended.</summary>
    public bool IsFailing => _isFailing;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _thread = new Thread(Run) { Name = threadName, IsBackground = true };
        _thread.Start();
        return Task.CompletedTask;
    }

    /// <summary>Writes everything that is queued. Ignores the host's shutdown timeout because the last batch is short.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        // The host may stop a writer a second time, even after disposal, and may stop one that never started.
        if (!Interlocked.Exchange(ref _isStopping, true))
        {
            OnStopping();
            Wake();
        }

        return _thread is null ? Task.CompletedTask : _ended.Task;
    }

    /// <summary>Signals that <see cref="Take"/> will find work. Almost free while the thread is busy.</summary>
    public void Wake()
    {
        if (_isIdle)
        {
            _isIdle = false;
            _work.Set();
        }
    }

    public virtual void Dispose()
    {
        _work.Dispose();
        GC.SuppressFinalize(this);
    }

    protected abstract TStore Open();

    /// <summary>Takes the work to be written now.</summary>
    protected abstract BatchTurn Take();

    /// <summary>Writes the work taken, in as many transactions as needed.</summary>
    protected abstract void Write(bool isLast);

    /// <summary>Called when stopping begins. From then on, <see cref="Take"/> returns the last batch.</summary>
    protected abstract void OnStopping();

    /// <param name="failure">Why writing has started to fail; null once it works again.</param>
    protected abstract void ReportHealth(Exception? failure);

    /// <summary>Called on the writer's thread before the first batch.</summary>
    protected virtual void OnStarted()
    {
    }

    /// <summary>Called on the writer's thread after the last batch.</summary>
    protected virtual void OnEnded()
    {
    }

    /// <summary>Runs the action in one transaction.</summary>
    /// <param name="failure">Why the transaction failed; null if it was committed.</param>
    protected bool TryWrite(Action<TStore> write, out Exception? failure)
    {
        try
        {
            _store ??= Open();
            _store.Begin();
            write(_store);
            _store.Commit();
        }
        catch (Exception error)
        {
            // Catch everything, because the thread must not end. Closing the connection rolls back the transaction.
            if (!_isFailing)
            {
                ReportHealth(error);
            }

            _isFailing = true;
            _store?.Dispose();
            _store = null;
            failure = error;
            return false;
        }

        if (_isFailing)
        {
            _isFailing = false;
            ReportHealth(null);
        }

        failure = null;
        return true;
    }

    private void Run()
    {
        OnStarted();
        var turn = BatchTurn.Idle;
        while (turn is not BatchTurn.LastBatch)
        {
            // Set before checking for work, so that a thread that queues work after the check sees the flag and wakes this thread.
            _isIdle = true;
            turn = Take();
            if (turn is BatchTurn.Idle)
            {
                _work.WaitOne();
                continue;
            }

            _isIdle = false;
            Write(isLast: turn is BatchTurn.LastBatch);
        }

        _isFailing = true;
        OnEnded();
        _store?.Dispose();
        _ended.SetResult();
    }
}
