using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Usage;

/// <summary>
/// The data of a flush: counters, roll-up, checkpoints of running requests, and the watermark. Belongs to the writer's thread.
/// </summary>
internal sealed class LedgerFlush
{
    private readonly List<(ChargeTicket Ticket, long Output)> _checkpoints = [];
    private long _oldestOpenId;

    public UsageCounters Counters { get; } = new();

    public bool IsEmpty => Counters.IsEmpty && _checkpoints.Count == 0;

    /// <summary>Collects the checkpoints of running requests.</summary>
    public void Collect(LedgerQueue queue)
    {
        _checkpoints.Clear();
        _oldestOpenId = queue.CollectCheckpoints(_checkpoints);
    }

    /// <summary>Writes the data in the caller's transaction.</summary>
    public void WriteTo(ILedgerStore store, long lastSettlement)
    {
        Counters.WriteTo(store);
        foreach (var (ticket, output) in _checkpoints)
        {
            store.Checkpoint(ticket.Entry.Id, output);
            ticket.Entry.StoredOutput = output;
        }

        store.SaveState(lastSettlement, _oldestOpenId);
    }
}
