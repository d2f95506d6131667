using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Usage;

/// <summary>Writes the charges of many requests in one commit and, once a second, the counters.</summary>
internal sealed partial class LedgerWriter : BatchWriter<ILedgerStore>
{
    private readonly IDatabaseEngine _engine;
    private readonly KeyChanges _keyChanges;
    private readonly UsageMeter _meter;
    private readonly TimeProvider _clock;
    private readonly ILogger<LedgerWriter> _log;
    private readonly RecentCommit _recentCommit;
    private readonly LedgerBatch _batch = new();
    private readonly LedgerFlush _flush = new();
    private readonly WaiterCompletion _waiters = new();
    private long _lastSettlement;

    // The name of the transaction for failpoints.
    private string _kind = "";

    // Allocated once, not per batch.
    private readonly Action<ILedgerStore> _writeCharges;
    private readonly Action<ILedgerStore> _writeFlush;

    public LedgerWriter(
        IDatabaseEngine engine, KeyChanges keyChanges, UsageMeter meter, TimeProvider clock, ILogger<LedgerWriter> log)
        : base("Ledger writer")
    {
        _engine = engine;
        _keyChanges = keyChanges;
        _meter = meter;
        _clock = clock;
        _log = log;
        _recentCommit = new RecentCommit(clock, engine);
        _writeCharges = WriteCharges;
        _writeFlush = WriteFlush;
        Queue = new LedgerQueue(this, clock);
    }

    public LedgerQueue Queue { get; }

    /// <summary>Whether storage worked a moment ago and has free space.</summary>
    public bool HasJustWritten => !IsFailing && _recentCommit.IsProof;

    /// <summary>Continues ids and settlement numbers from these.</summary>
    public void Resume(long lastId, long lastSettlement)
    {
        Queue.Resume(lastId);
        _lastSettlement = lastSettlement;
        _flush.Resume(lastSettlement);
    }

    /// <inheritdoc cref="LedgerQueue.FlushAsync"/>
    public Task FlushAsync() => Queue.FlushAsync();

    public override void Dispose()
    {
        Queue.Dispose();
        base.Dispose();
    }

    protected override ILedgerStore Open() => _engine.OpenLedger();

    protected override BatchTurn Take() => Queue.Take(_batch, _flush.HasCounters);

    protected override void Write(bool isLast)
    {
        var failure = CommitCharges();
        if (_batch.Flushes)
        {
            CommitFlush(isLast, failure);
        }
    }

    protected override void OnStopping() => Queue.Stop();

    protected override void OnEnded() => FailCharges(new StorageUnavailableException());

    protected override void ReportHealth(Exception? failure)
    {
        if (failure is null)
        {
            LogWritable(_log);
        }
        else
        {
            LogFailing(_log, failure);
        }
    }

    /// <returns>Why it failed; null if it succeeded.</returns>
    private Exception? CommitCharges()
    {
        if (_batch.Charges.Count == 0)
        {
            return null;
        }

        var settlementBefore = _lastSettlement;
        if (!TryCommit(_writeCharges, out var failure))
        {
            // The next batch contains the same charges and assigns at least the same numbers. Until it is committed, a flush must not
            // move the watermark past charges that may be stored with them and are in no counter.
            _lastSettlement = settlementBefore;
            FailCharges(failure!);
            return failure;
        }

        Queue.Complete(_batch, _waiters);
        _waiters.Complete(failure: null);
        foreach (var ticket in _batch.Charges)
        {
            if (ticket.Entry.Taken is ChargeState.Settled)
            {
                var row = ticket.ToRow();
                _flush.Add(row);
                _meter.Settled(row);
            }
        }

        _batch.Charges.Clear();
        return null;
    }

    private void WriteCharges(ILedgerStore store)
    {
        _kind = _batch.WriteTo(store, ref _lastSettlement);
        Failpoint.Hit("before", _kind);
    }

    /// <summary>While writes fail, this also retries them.</summary>
    private void CommitFlush(bool isLast, Exception? chargesFailure)
    {
        if (TryFlush(isLast, chargesFailure, out var failure))
        {
            _batch.FlushWaiters.ForEach(waiter => waiter.SetResult());
        }
        else
        {
            FailCharges(failure!);
            _batch.FlushWaiters.ForEach(waiter => waiter.SetException(new StorageUnavailableException()));
        }

        _batch.FlushWaiters.Clear();
    }

    private bool TryFlush(bool isLast, Exception? chargesFailure, out Exception? failure)
    {
        failure = null;
        if (_flush.HasUnknown && !TryCommitFlush(out failure))
        {
            return false;
        }

        _flush.Collect(Queue, _lastSettlement);
        if (_flush.IsEmpty && chargesFailure is not null)
        {
            // A transaction that changes nothing succeeds even on a full disk, so it would prove nothing.
            failure = chargesFailure;
            return false;
        }

        return (_flush.IsEmpty && !IsFailing && !isLast) || TryCommitFlush(out failure);
    }

    private bool TryCommitFlush(out Exception? failure)
    {
        if (TryCommit(_writeFlush, out failure))
        {
            Publish(_flush.Complete());
            return true;
        }

        if (failure is CommitUnknownException)
        {
            _flush.KeepUnknown();
        }

        return false;
    }

    private void WriteFlush(ILedgerStore store)
    {
        _kind = "flush";
        _flush.WriteTo(store);
        Failpoint.Hit("before", _kind);
    }

    private void Publish(List<KeysChanged> changes)
    {
        if (changes.Count > 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                state => state.Changes.ForEach(state.KeyChanges.Publish), (KeyChanges: _keyChanges, Changes: changes), preferLocal: false);
        }
    }

    private bool TryCommit(Action<ILedgerStore> write, out Exception? failure)
    {
        var since = _clock.GetTimestamp();
        if (!TryWrite(write, out failure))
        {
            return false;
        }

        Failpoint.Hit("after", _kind);
        _recentCommit.Renew();
        _meter.Committed(_clock.GetElapsedTime(since), _batch.Charges.Count);
        return true;
    }

    private void FailCharges(Exception failure)
    {
        Queue.Return(_batch, failure is CommitUnknownException, _waiters);
        _waiters.Complete(failure);
        _batch.Charges.Clear();
    }

    [LoggerMessage(LogLevel.Error, "The ledger is not writable, so requests are rejected. Retrying every second.")]
    private static partial void LogFailing(ILogger log, Exception error);

    [LoggerMessage(LogLevel.Warning, "The ledger is writable again.")]
    private static partial void LogWritable(ILogger log);
}
