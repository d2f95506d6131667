using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Usage;

/// <summary>
/// The pending writes of the ledger. Requests add to it, the writer's thread takes from it. A charge is written when its request
/// waits for it, when it is settled, or when the request has been running for a while, so a quick response costs one row and one
/// wait.
/// </summary>
internal sealed class LedgerQueue : IDisposable
{
    private static readonly TimeSpan _flushInterval = TimeSpan.FromSeconds(1);

    private readonly LedgerWriter _writer;
    private readonly TimeProvider _clock;
    private readonly OneShotTimer _overdueTimer;
    private readonly OneShotTimer _flushTimer;

    // Guards everything below and the entries of the tickets.
    private readonly Lock _lock = new();
    private readonly OpenCharges _open;
    private readonly List<TaskCompletionSource> _flushWaiters = [];
    private List<ChargeTicket> _pending = [];
    private bool _isFlushDue;
    private bool _isStopping;

    public LedgerQueue(LedgerWriter writer, TimeProvider clock)
    {
        _writer = writer;
        _clock = clock;
        _open = new OpenCharges(clock);
        _overdueTimer = new OneShotTimer(clock, OpenCharges.WriteDelay, _lock, writer.Wake);
        _flushTimer = new OneShotTimer(clock, _flushInterval, _lock, RequestFlush);
    }

    public DateTimeOffset Now => _clock.GetUtcNow();

    /// <inheritdoc cref="OpenCharges.Resume"/>
    public void Resume(long lastId) => _open.Resume(lastId);

    /// <summary>Assigns an id to a new ticket without writing it.</summary>
    public void Add(ChargeTicket ticket)
    {
        lock (_lock)
        {
            _open.Add(ticket);
            _overdueTimer.Start();
        }
    }

    /// <inheritdoc cref="OpenCharges.TakeIds"/>
    public long TakeIds(int count)
    {
        lock (_lock)
        {
            return _open.TakeIds(count);
        }
    }

    public WriteStatus WhenDurable(ChargeTicket ticket)
    {
        ref var entry = ref ticket.Entry;
        lock (_lock)
        {
            if (entry.Stored is not null)
            {
                return WriteStatus.Done;
            }

            if (_writer.IsFailing || entry.HasFailed)
            {
                return WriteStatus.Failed;
            }

            entry.WaitsDurable = true;
            Enqueue(ticket);
            return WriteStatus.Pending;
        }
    }

    public WriteStatus Settle(ChargeTicket ticket)
    {
        ref var entry = ref ticket.Entry;
        lock (_lock)
        {
            entry.Wanted = ChargeState.Settled;
            entry.WaitsSettled = !_writer.IsFailing;
            _flushTimer.Start();
            Enqueue(ticket);
            return entry.WaitsSettled ? WriteStatus.Pending : WriteStatus.Failed;
        }
    }

    public void Abandon(ChargeTicket ticket)
    {
        ref var entry = ref ticket.Entry;
        lock (_lock)
        {
            entry.Wanted = ChargeState.Abandoned;
            if (entry.HasNoRow)
            {
                _open.Finish(ticket);
            }
            else
            {
                Enqueue(ticket);
            }
        }
    }

    /// <summary>Completes when the stored counters include everything settled so far.</summary>
    public Task FlushAsync()
    {
        var flushed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _flushWaiters.Add(flushed);
            RequestFlush();
        }

        return flushed.Task;
    }

    /// <summary>Makes the next batch the last.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _isStopping = true;
            RequestFlush();
        }
    }

    /// <param name="hasCounters">Whether there are counters to flush.</param>
    public BatchTurn Take(LedgerBatch batch, bool hasCounters)
    {
        lock (_lock)
        {
            while (_open.NextOverdue() is { } overdue)
            {
                AddPending(overdue);
            }

            StartTimers(hasCounters);
            // While writes fail, only the flush retries them, once a second.
            if (!_isFlushDue && (_pending.Count == 0 || _writer.IsFailing))
            {
                return BatchTurn.Idle;
            }

            (batch.Charges, _pending) = (_pending, batch.Charges);
            foreach (var ticket in batch.Charges)
            {
                ref var entry = ref ticket.Entry;
                entry.IsQueued = false;
                entry.IsTaken = true;
                entry.Taken = entry.Wanted;
            }

            batch.Flushes = _isFlushDue;
            batch.FlushWaiters.AddRange(_flushWaiters);
            _isFlushDue = false;
            _flushWaiters.Clear();
            return _isStopping ? BatchTurn.LastBatch : BatchTurn.Batch;
        }
    }

    /// <summary>Marks the charges of the batch as stored.</summary>
    public void Complete(LedgerBatch batch, WaiterCompletion waiters)
    {
        lock (_lock)
        {
            foreach (var ticket in batch.Charges)
            {
                ref var entry = ref ticket.Entry;
                entry.IsTaken = false;
                entry.MayBeStored = false;
                entry.Stored = entry.Taken;
                waiters.TakeDurable(ref entry, ticket);
                if (entry.Taken is not ChargeState.Reserved)
                {
                    waiters.TakeSettled(ref entry, ticket);
                    _open.Finish(ticket);
                }
            }
        }
    }

    /// <summary>Returns the charges of a failed batch to the queue and fails their waiters.</summary>
    /// <param name="mayBeStored">Whether the batch may have been committed nevertheless.</param>
    public void Return(LedgerBatch batch, bool mayBeStored, WaiterCompletion waiters)
    {
        lock (_lock)
        {
            foreach (var ticket in batch.Charges)
            {
                ref var entry = ref ticket.Entry;
                entry.MayBeStored |= mayBeStored && !entry.IsUpToDate;
                entry.IsTaken = false;
                AddPending(ticket);
            }

            foreach (var ticket in _pending)
            {
                ref var entry = ref ticket.Entry;
                entry.HasFailed |= entry.WaitsDurable;
                waiters.TakeDurable(ref entry, ticket);
                waiters.TakeSettled(ref entry, ticket);
            }
        }
    }

    /// <inheritdoc cref="OpenCharges.CollectCheckpoints"/>
    public long CollectCheckpoints(List<(ChargeTicket Ticket, long Output)> checkpoints)
    {
        lock (_lock)
        {
            return _open.CollectCheckpoints(checkpoints);
        }
    }

    public void Dispose()
    {
        _overdueTimer.Dispose();
        _flushTimer.Dispose();
    }

    // The methods below run under the lock.

    /// <summary>Schedules a flush per second while there is anything to update.</summary>
    private void StartTimers(bool hasCounters)
    {
        if (_open.HasRecent)
        {
            _overdueTimer.Start();
        }

        if (hasCounters || _open.HasLongRunning || _writer.IsFailing)
        {
            _flushTimer.Start();
        }
    }

    private void RequestFlush()
    {
        _isFlushDue = true;
        _writer.Wake();
    }

    private void Enqueue(ChargeTicket ticket)
    {
        AddPending(ticket);
        _writer.Wake();
    }

    private void AddPending(ChargeTicket ticket)
    {
        if (!ticket.Entry.IsQueued)
        {
            ticket.Entry.IsQueued = true;
            _pending.Add(ticket);
        }
    }
}
