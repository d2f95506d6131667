using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Usage;

/// <summary>What the ledger's writer has taken from its queue. Kept and filled again for each batch.</summary>
internal sealed class LedgerBatch
{
    /// <summary>Each in the state that its <see cref="LedgerEntry.Taken"/> says.</summary>
    public List<ChargeTicket> Charges { get; set; } = [];

    /// <summary>The counters are brought up to date behind the charges.</summary>
    public bool Flushes { get; set; }

    public List<TaskCompletionSource> FlushWaiters { get; } = [];

    /// <summary>Writes the charges in the caller's transaction.</summary>
    /// <param name="lastSettlement">The last place in the order of settling, which each that is settled moves on.</param>
    /// <returns>What <see cref="Failpoint"/> calls it.</returns>
    public string WriteTo(LedgerFile file, ref long lastSettlement)
    {
        var settles = false;
        foreach (var ticket in Charges)
        {
            ref var entry = ref ticket.Entry;
            if (entry.Taken == (entry.Stored ?? ChargeState.Abandoned))
            {
                continue;
            }

            settles |= entry.Taken is not ChargeState.Reserved;
            entry.Settlement = entry.Taken is ChargeState.Settled ? ++lastSettlement : null;
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
}
