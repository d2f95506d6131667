using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Usage;

/// <summary>The charges the ledger's writer has taken from its queue. Reused for each batch.</summary>
internal sealed class LedgerBatch
{
    /// <summary>The charges, each in the state given by its <see cref="LedgerEntry.Taken"/>.</summary>
    public List<ChargeTicket> Charges { get; set; } = [];

    /// <summary>Whether the counters are updated after the charges.</summary>
    public bool Flushes { get; set; }

    public List<TaskCompletionSource> FlushWaiters { get; } = [];

    /// <summary>Writes the charges in the caller's transaction.</summary>
    /// <param name="lastSettlement">The last settlement number, incremented for each settled charge.</param>
    /// <returns>The name used by <see cref="Failpoint"/>.</returns>
    public string WriteTo(ILedgerStore store, ref long lastSettlement)
    {
        var settles = false;
        foreach (var ticket in Charges)
        {
            ref var entry = ref ticket.Entry;
            if (entry.IsUpToDate)
            {
                continue;
            }

            settles |= entry.Taken is not ChargeState.Reserved;
            entry.Settlement = entry.Taken is ChargeState.Settled ? ++lastSettlement : null;
            if (entry.Stored is null)
            {
                store.Insert(ticket.ToRow());
            }
            else
            {
                store.Settle(ticket.ToRow());
            }
        }

        return settles ? "settle" : "insert";
    }
}
