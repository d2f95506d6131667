namespace NexLlm.Dashboard.Usage;

/// <summary>The charges that have not ended, and the ids of all. Guarded by the queue's lock.</summary>
internal sealed class OpenCharges(TimeProvider clock)
{
    /// <summary>A charge that is open for this long is written unasked, so that the first byte of its answer finds it durable.</summary>
    public static readonly TimeSpan WriteDelay = TimeSpan.FromMilliseconds(25);

    private readonly Queue<ChargeTicket> _recent = new();
    private readonly Dictionary<long, ChargeTicket> _longRunning = [];
    private long _lastId;

    /// <summary>Some charges are not open for long, so they may become overdue.</summary>
    public bool HasRecent => _recent.Count > 0;

    /// <summary>Some have checkpoints to write.</summary>
    public bool HasLongRunning => _longRunning.Count > 0;

    /// <summary>Ids continue from this one.</summary>
    public void Resume(long lastId) => _lastId = lastId;

    /// <summary>Gives a new ticket its id.</summary>
    public void Add(ChargeTicket ticket)
    {
        ticket.Entry.Id = ++_lastId;
        _recent.Enqueue(ticket);
    }

    /// <summary>The first of a number of ids, for charges that others write.</summary>
    public long TakeIds(int count)
    {
        _lastId += count;
        return _lastId - count + 1;
    }

    /// <summary>Another charge that is to be written unasked; null if there is none yet.</summary>
    public ChargeTicket? NextOverdue()
    {
        while (_recent.TryPeek(out var ticket))
        {
            ref var entry = ref ticket.Entry;
            if (!entry.IsFinished && clock.GetElapsedTime(ticket.ReservedAt) < WriteDelay)
            {
                return null;
            }

            _recent.Dequeue();
            if (!entry.IsFinished)
            {
                _longRunning.Add(entry.Id, ticket);
                if (entry.Stored is null)
                {
                    return ticket;
                }
            }
        }

        return null;
    }

    public void Finish(ChargeTicket ticket)
    {
        ticket.Entry.IsFinished = true;
        _longRunning.Remove(ticket.Entry.Id);
    }

    /// <summary>Collects how far the requests have come since they were last written.</summary>
    /// <returns>Every charge with a smaller id has ended.</returns>
    public long CollectCheckpoints(List<(ChargeTicket Ticket, long Output)> checkpoints)
    {
        // Ids go up with time, so the oldest open one is the first of the recent or one of the long-running.
        var oldest = _recent.TryPeek(out var first) ? first.Entry.Id : _lastId + 1;
        foreach (var (id, ticket) in _longRunning)
        {
            oldest = Math.Min(oldest, id);
            if (ticket.Entry.Stored is ChargeState.Reserved && ticket.OutputTokens is var output && output != ticket.Entry.StoredOutput)
            {
                checkpoints.Add((ticket, output));
            }
        }

        return oldest;
    }
}
