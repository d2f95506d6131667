namespace NexLlm.Dashboard.Data;

/// <summary>What a <see cref="BatchWriter{TConnection}"/> finds when it looks for work.</summary>
internal enum BatchTurn
{
    /// <summary>Nothing: the thread sleeps until it is woken.</summary>
    Idle,

    Batch,

    /// <summary>The writer is stopping, and nothing comes after this batch.</summary>
    LastBatch,
}

/// <summary>
/// Writes what other threads have queued, a batch in one transaction, on a thread of its own, until it is stopped and has written the rest.
/// While writing fails it goes on trying; its thread ends only when it is stopped.
/// </summary>
/// <param name="gate">Whose turn each transaction waits for; null if nobody else writes to the file.</param>
internal abstract class BatchWriter<TConnection>(string threadName, WriteGate? gate) : IHostedService, IDisposable
    where TConnection : WriterConnection
{
    private readonly AutoResetEvent _work = new(false);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Thread? _thread;
    private TConnection? _connection;
    private bool _isStopping;
    private volatile bool _isIdle;
    private volatile bool _isFailing;

    /// <summary>The last attempt to write failed, or the writer has ended.</summary>
    public bool IsFailing => _isFailing;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _thread = new Thread(Run) { Name = threadName, IsBackground = true };
        _thread.Start();
        return Task.CompletedTask;
    }

    /// <summary>Writes everything that is queued. The host's time limit does not count: the last batch is short.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        // The host may stop a writer twice, the second time after it was disposed, and one that never started.
        if (!Interlocked.Exchange(ref _isStopping, true))
        {
            OnStopping();
            Wake();
        }

        return _thread is null ? Task.CompletedTask : _ended.Task;
    }

    /// <summary>There is something to <see cref="Take"/>. Costs next to nothing while the thread is at work.</summary>
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

    protected abstract TConnection Open();

    /// <summary>Takes what is to be written now.</summary>
    protected abstract BatchTurn Take();

    /// <summary>Writes what was taken, in as many transactions as it needs.</summary>
    protected abstract void Write(bool isLast);

    /// <summary>From now on, <see cref="Take"/> gives the last batch.</summary>
    protected abstract void OnStopping();

    /// <param name="failure">Why it cannot be written since now; null if it can again.</param>
    protected abstract void ReportHealth(Exception? failure);

    /// <summary>On the writer's thread, before its first batch.</summary>
    protected virtual void OnStarted()
    {
    }

    /// <summary>On the writer's thread, after its last batch.</summary>
    protected virtual void OnEnded()
    {
    }

    /// <summary>Writes in one transaction.</summary>
    /// <param name="failure">Why nothing was written; null if it was.</param>
    protected bool TryWrite(Action<TConnection> write, out Exception? failure)
    {
        try
        {
            using (gate?.Enter())
            {
                _connection ??= Open();
                _connection.Begin();
                write(_connection);
                _connection.Commit();
            }
        }
        catch (Exception error)
        {
            // Whatever it was, the thread must not end. What was begun is undone with the connection.
            if (!_isFailing)
            {
                ReportHealth(error);
            }

            _isFailing = true;
            _connection?.Dispose();
            _connection = null;
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
            // Set before the look: a thread that queues something after it finds the flag, and wakes this one.
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
        _connection?.Dispose();
        _ended.SetResult();
    }
}
