using System.Runtime.InteropServices;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Usage;

// What the writer's thread does. Fields declared here are its own.
internal sealed partial class LedgerWriter
{
    private readonly UsageCounters _counters = new();
    private readonly List<ChargeTicket> _durable = [];
    private readonly List<ChargeTicket> _settled = [];
    private readonly List<(ChargeTicket Ticket, long Output)> _checkpoints = [];
    private readonly List<TaskCompletionSource> _flushing = [];
    private List<ChargeTicket> _group = [];
    private LedgerFile? _file;
    private long _settlement;
    private long _oldestOpen;

    private void Run()
    {
        var turn = default(Turn);
        while (!turn.IsLast)
        {
            turn = Take();
            if (!turn.HasWork)
            {
                _work.WaitOne();
                continue;
            }

            EndGroup(_group.Count == 0 || TryCommit(_writeGroup));
            if (turn.Flushes)
            {
                Flush(turn.IsLast);
            }
        }

        _isFailing = true;
        FailWaiters(new StorageUnavailableException());
        _file?.Dispose();
        _ended.SetResult();
    }

    /// <summary>What is to be written now.</summary>
    private Turn Take()
    {
        lock (_lock)
        {
            LookAfterFresh();
            SetTimers();
            // While writing fails, it is tried once a second.
            if (!_isFlushDue && (_asked.Count == 0 || _isFailing))
            {
                _isIdle = true;
                return default;
            }

            (_group, _asked) = (_asked, _group);
            foreach (var ticket in _group)
            {
                ref var entry = ref ticket.Entry;
                entry.IsQueued = false;
                entry.IsTaken = true;
                entry.Taken = entry.Wanted;
            }

            var turn = new Turn(HasWork: true, _isFlushDue, _isStopping);
            _isFlushDue = false;
            _flushing.AddRange(_flushWaiters);
            _flushWaiters.Clear();
            return turn;
        }
    }

    /// <summary>Moves on what has ended or has been running for a while.</summary>
    private void LookAfterFresh()
    {
        while (_fresh.TryPeek(out var ticket))
        {
            ref var entry = ref ticket.Entry;
            if (!entry.IsFinished)
            {
                if (_clock.GetElapsedTime(ticket.ReservedAt) < _patience)
                {
                    break;
                }

                _running.Add(entry.Id, ticket);
                if (entry.Stored is null)
                {
                    Queue(ticket);
                }
            }

            _fresh.Dequeue();
        }
    }

    /// <summary>A flush a second, but none while there is nothing to bring up to date.</summary>
    private void SetTimers()
    {
        if (_fresh.Count > 0)
        {
            TimePatience();
        }

        if (!_counters.IsEmpty || _running.Count > 0 || _isFailing)
        {
            TimeFlush();
        }
    }

    private string WriteGroup(LedgerFile file)
    {
        var settles = false;
        foreach (var ticket in _group)
        {
            ref var entry = ref ticket.Entry;
            if (entry.Taken == (entry.Stored ?? ChargeState.Abandoned))
            {
                continue;
            }

            settles |= entry.Taken is not ChargeState.Reserved;
            entry.Settlement = entry.Taken is ChargeState.Settled ? ++_settlement : null;
            if (entry.Stored is null)
            {
                file.Insert(ticket.ToRow());
            }
            else
            {
                file.Settle(ticket.ToRow());
            }
        }

        return settles ? "settle" : "insert";
    }

    private void EndGroup(bool written)
    {
        lock (_lock)
        {
            foreach (var ticket in _group)
            {
                ref var entry = ref ticket.Entry;
                entry.IsTaken = false;
                if (written)
                {
                    Store(ticket);
                }
                else if (!entry.IsQueued)
                {
                    entry.IsQueued = true;
                    _asked.Add(ticket);
                }
            }
        }

        WakeWaiters(failure: null);
        foreach (var ticket in _group)
        {
            if (written && ticket.Entry.Taken is ChargeState.Settled)
            {
                var row = ticket.ToRow();
                _counters.Add(row);
                UsageMeter.Settled(row);
            }
        }

        _group.Clear();
    }

    private void WakeWaiters(Exception? failure)
    {
        WaiterCompletion.Queue(CollectionsMarshal.AsSpan(_durable), forSettled: false, failure);
        WaiterCompletion.Queue(CollectionsMarshal.AsSpan(_settled), forSettled: true, failure);
        _durable.Clear();
        _settled.Clear();
    }

    /// <summary>Under the lock: the file says now what was taken.</summary>
    private void Store(ChargeTicket ticket)
    {
        ref var entry = ref ticket.Entry;
        entry.Stored = entry.Taken;
        if (entry.WaitsDurable)
        {
            entry.WaitsDurable = false;
            _durable.Add(ticket);
        }

        if (entry.Taken is not ChargeState.Reserved)
        {
            if (entry.WaitsSettled)
            {
                entry.WaitsSettled = false;
                _settled.Add(ticket);
            }

            Finish(ticket);
        }
    }

    /// <summary>What there is to do; by default, nothing.</summary>
    private readonly record struct Turn(bool HasWork, bool Flushes, bool IsLast);
}
