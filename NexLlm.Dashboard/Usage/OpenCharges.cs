namespace NexLlm.Dashboard.Usage;

/// <summary>The open charges, and the ids of all charges. Guarded by the queue's lock.</summary>
internal sealed class OpenCharges(TimeProvider clock)
{
    /// <summary>A charge open for this long is written without a request for it, so that it is durable by the first byte of the response.</summary>
    public static readonly TimeSpan WriteDelay = TimeSpan.FromMilliseconds(25);

    private readonly Queue<ChargeTicket> _recent = new();
    private readonly Dictionary<long, ChargeTicket> _longRunning = [];
    private long _lastId;

    /// <summary>Whether some charges were opened recently and may become overdue.</summary>
    public bool HasRecent => _recent.Count > 0;

    /// <summary>Whether some charges have checkpoints to write.</summary>
    public bool HasLongRunning => _longRunning.Count > 0;

    /// <summary>Continues ids from this one.</summary>
    public void Resume(long lastId) => _lastId = lastId;

    /// <summary>Assigns an id to a new ticket.</summary>
    public void Add(ChargeTicket ticket)
    {
        ticket.Entry.Id = ++_lastId;
        _recent.Enqueue(ticket);
    }

    /// <summary>Reserves a number of ids for charges written by others and returns the first.</summary>
    public long TakeIds(int count)
    {
        _lastId += count;
        return _lastId - count + 1;
    }

    /// <summary>The next overdue charge to write; null if there is none yet.</summary>
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

    /// <summary>Collects the checkpoints that changed since they were last written.</summary>
    /// <returns>Every charge with a smaller id has ended.</returns>
    public long CollectCheckpoints(List<(ChargeTicket Ticket, long Output)> checkpoints)
    {
        // ElementIds ascend with time, so the oldest open one is the first recent one or a long-running one.
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
