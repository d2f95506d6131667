using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Usage;

/// <summary>
/// The data of a flush: counters, roll-up, checkpoints of running requests, and the watermark. Belongs to the writer's thread.
/// </summary>
internal sealed class LedgerFlush
{
    private readonly List<(ChargeTicket Ticket, long Output)> _checkpoints = [];
    private UsageCounters _counters = new();
    private Attempt? _unknown;
    private long _watermark;
    private long _lastSettlement;
    private long _oldestOpenId;

    /// <summary>Whether there are counters to write.</summary>
    public bool HasCounters => !_counters.IsEmpty || HasUnknown;

    /// <summary>Whether it is unknown if the last attempt was committed. Then exactly that is written next, and nothing newer.</summary>
    public bool HasUnknown => _unknown is not null;

    /// <summary>Whether <see cref="Collect"/> found nothing to write.</summary>
    public bool IsEmpty => _counters.IsEmpty && _checkpoints.Count == 0;

    /// <summary>Continues from the stored watermark.</summary>
    public void Resume(long watermark) => _watermark = watermark;

    public void Add(in ChargeRow settled) => _counters.Add(settled);

    /// <summary>Collects the checkpoints of running requests.</summary>
    /// <param name="queue">The open charges.</param>
    /// <param name="lastSettlement">The number of the last charge that was added.</param>
    public void Collect(LedgerQueue queue, long lastSettlement)
    {
        _checkpoints.Clear();
        _oldestOpenId = queue.CollectCheckpoints(_checkpoints);
        _lastSettlement = lastSettlement;
    }

    /// <summary>Writes the data in the caller's transaction.</summary>
    public void WriteTo(ILedgerStore store)
    {
        var attempt = Current;
        store.MoveWatermark(_watermark, attempt.LastSettlement, attempt.OldestOpenId);
        attempt.Counters.WriteTo(store);
        foreach (var (ticket, output) in _checkpoints)
        {
            store.Checkpoint(ticket.Entry.Id, output);
        }
    }

    /// <summary>Keeps what was written apart from what is settled later, because the outcome is unknown.</summary>
    public void KeepUnknown()
    {
        // The next flush collects the checkpoints again, and without counters nothing could be added twice.
        _checkpoints.Clear();
        if (!HasUnknown && !_counters.IsEmpty)
        {
            _unknown = Current;
            _counters = new UsageCounters();
        }
    }

    /// <summary>Clears what was written and returns the affected keys.</summary>
    public List<KeysChanged> Complete()
    {
        foreach (var (ticket, output) in _checkpoints)
        {
            ticket.Entry.StoredOutput = output;
        }

        var attempt = Current;
        _unknown = null;
        _watermark = attempt.LastSettlement;
        return attempt.Counters.Clear();
    }

    private Attempt Current => _unknown ?? new Attempt(_counters, _lastSettlement, _oldestOpenId);

    private readonly record struct Attempt(UsageCounters Counters, long LastSettlement, long OldestOpenId);
}
