using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Usage;

// The counters, and what happens when nothing can be written. On the writer's thread too.
internal sealed partial class LedgerWriter
{
    private readonly FreeSpace _space;

    /// <summary>Brings counters, roll-up and checkpoints up to what is settled; while writing fails, it is also what tries whether it does.</summary>
    private void Flush(bool isLast)
    {
        var flushed = true;
        NoteRunning();
        if (!_counters.IsEmpty || _checkpoints.Count > 0 || IsFailing || isLast)
        {
            flushed = TryCommit(_writeCounters);
        }

        if (flushed && !_counters.IsEmpty)
        {
            var changes = _counters.Clear();
            ThreadPool.UnsafeQueueUserWorkItem(
                state => state.Changes.ForEach(state.Hearers.Publish), (Hearers: _keyChanges, Changes: changes), preferLocal: false);
        }

        foreach (var waiter in _flushing)
        {
            if (flushed)
            {
                waiter.SetResult();
            }
            else
            {
                waiter.SetException(new StorageUnavailableException());
            }
        }

        _flushing.Clear();
        _checkpoints.Clear();
    }

    private void NoteRunning()
    {
        lock (_lock)
        {
            // Tickets are numbered in the order in which they come, so the oldest that runs is the first of the young ones or one of the others.
            _oldestOpen = _fresh.TryPeek(out var first) ? first.Entry.Id : _lastId + 1;
            foreach (var (id, ticket) in _running)
            {
                _oldestOpen = Math.Min(_oldestOpen, id);
                if (ticket.Entry.Stored is ChargeState.Reserved && ticket.OutputTokens is var output && output != ticket.Entry.StoredOutput)
                {
                    _checkpoints.Add((ticket, output));
                }
            }
        }
    }

    private string WriteCounters(LedgerFile file)
    {
        _counters.WriteTo(file);
        foreach (var (ticket, output) in _checkpoints)
        {
            file.Checkpoint(ticket.Entry.Id, output);
            ticket.Entry.StoredOutput = output;
        }

        file.SaveState(_settlement, _oldestOpen);
        return "flush";
    }

    /// <summary>Writes in one transaction; false if that was not possible, and then nothing was written.</summary>
    private bool TryCommit(Func<LedgerFile, string> write)
    {
        try
        {
            var since = _clock.GetTimestamp();
            using (_gate.Enter())
            {
                _file ??= new LedgerFile(_options.Value);
                _file.Begin();
                var name = write(_file);
                Failpoint.Hit("before", name);
                _file.Commit();
                Failpoint.Hit("after", name);
            }

            _isSpaceLow = _space.IsLow();
            Volatile.Write(ref _lastCommit, _clock.GetTimestamp());
            UsageMeter.Committed(_clock.GetElapsedTime(since), _group.Count);
            if (_isFailing)
            {
                _isFailing = false;
                LogHealed(_log);
            }

            return true;
        }
        catch (Exception error)
        {
            // Whatever it was, the thread that writes must not end; what was begun is undone with the connection.
            if (!_isFailing)
            {
                LogFailing(_log, error);
            }

            _isFailing = true;
            _file?.Dispose();
            _file = null;
            FailWaiters(error);
            return false;
        }
    }

    private void FailWaiters(Exception cause)
    {
        lock (_lock)
        {
            foreach (var ticket in _asked.Concat(_group))
            {
                ref var entry = ref ticket.Entry;
                if (entry.WaitsDurable)
                {
                    entry.WaitsDurable = false;
                    entry.HasFailed = true;
                    _durable.Add(ticket);
                }

                if (entry.WaitsSettled)
                {
                    entry.WaitsSettled = false;
                    _settled.Add(ticket);
                }
            }
        }

        WakeWaiters(cause);
    }

    [LoggerMessage(LogLevel.Error, "The ledger is not writable, so requests are rejected. Retrying every second.")]
    private static partial void LogFailing(ILogger log, Exception error);

    [LoggerMessage(LogLevel.Warning, "The ledger is writable again.")]
    private static partial void LogHealed(ILogger log);
}
