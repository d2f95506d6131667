using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Usage;

/// <summary>
/// Restores the ledger as the last process left it, however it ended. Open charges are settled from their last known state, and
/// the counters are brought up to date. Afterwards nothing is reserved.
/// </summary>
internal sealed partial class LedgerRecovery(
    IDbContextFactory<NexLlmDbContext> contexts, IDatabaseEngine engine, LedgerWriter writer, TimeProvider clock,
    ILogger<LedgerRecovery> log) : IDataPreparation
{
    public async Task PrepareAsync(CancellationToken cancellation)
    {
        // Opened first, because nothing that the previous process sent can arrive after that.
        using var store = engine.OpenLedger();
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var state = await db.Set<LedgerState>().AsNoTracking().SingleAsync(cancellation);
        var last = Math.Max(state.OldestOpenId - 1, await db.Set<Charge>().MaxAsync(c => (long?)c.Id, cancellation) ?? 0);
        var settlement = state.Watermark;
        var counters = new UsageCounters();
        var lost = new List<Charge>();
        var later = db.Set<Charge>().AsNoTracking()
            .Where(c => c.Id >= state.OldestOpenId && (c.State == ChargeState.Reserved || c.Settlement > state.Watermark));
        await foreach (var charge in later.AsAsyncEnumerable().WithCancellation(cancellation))
        {
            if (charge.State is ChargeState.Reserved)
            {
                lost.Add(charge);
            }
            else
            {
                counters.Add(charge.ToRow());
                settlement = Math.Max(settlement, charge.Settlement!.Value);
            }
        }

        if (lost is not [] || !counters.IsEmpty || state.OldestOpenId <= last)
        {
            store.Begin();
            foreach (var charge in lost)
            {
                var row = Settled(charge, ++settlement);
                store.Settle(row);
                counters.Add(row);
            }

            store.MoveWatermark(state.Watermark, settlement, last + 1);
            counters.WriteTo(store);
            store.Commit();
            if (lost is not [])
            {
                Recovered(log, lost.Count);
            }
        }

        writer.Resume(last, settlement);
    }

    private ChargeRow Settled(Charge charge, long settlement) => charge.ToRow() with
    {
        State = (int)ChargeState.Recovered,
        Source = (int)UsageSource.Recovered,
        ReservedTokens = 0,
        ChargedTokens = Math.Min(charge.ReservedTokens, Price.Of(charge.InputTokens, charge.OutputTokens, charge.RatioMillionths)),
        Settlement = settlement,
        SettledAt = clock.GetUtcNow().ToUnixTimeMilliseconds(),
    };

    [LoggerMessage(LogLevel.Warning, "The previous process stopped before settling {Count} requests; they were charged from the recorded data.")]
    private static partial void Recovered(ILogger log, int count);
}
