using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Usage.RollUp;

namespace NexLlm.Dashboard.Usage;

/// <summary>Removes charges past their retention, oldest first, in steps that let other writers in between. Their sums are kept.</summary>
public sealed partial class ChargePruning(
    IDbContextFactory<NexLlmDbContext> contexts, TimeProvider clock, IOptions<UsageOptions> options, ILogger<ChargePruning> log) : BackgroundService
{
    private const int Step = 500;

    private static readonly TimeSpan _interval = TimeSpan.FromHours(1);

    /// <returns>The number of charges removed.</returns>
    public async Task<int> PruneAsync(CancellationToken cancellation = default)
    {
        var until = DateTimeOffset.FromUnixTimeMilliseconds(UsagePeriod.Quarter.StartOf((clock.GetUtcNow() - options.Value.KeepCharges).ToUnixTimeMilliseconds()));
        var removed = 0;
        while (await StepAsync(until, cancellation) is var step and > 0)
        {
            removed += step;
        }

        return removed;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_interval, clock);
        do
        {
            try
            {
                await PruneAsync(stoppingToken);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                Failed(log, error);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<int> StepAsync(DateTimeOffset until, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var state = await db.Set<LedgerState>().AsNoTracking().SingleAsync(cancellation);
        // ElementIds ascend with time, so the oldest charges have the smallest; and the counters must include what is removed.
        var oldest = db.Set<Charge>().Where(c => c.Id < state.OldestOpenId).OrderBy(c => c.Id).Take(Step);
        var ids = await oldest.Where(c => c.SettledAt < until && (c.Settlement == null || c.Settlement <= state.Watermark))
            .Select(c => c.Id).ToListAsync(cancellation);
        if (ids is not [])
        {
            await db.Set<LedgerState>().Where(s => s.PrunedBefore < until)
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.PrunedBefore, until), cancellation);
            await db.Set<Charge>().Where(c => ids.Contains(c.Id)).ExecuteDeleteAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
        return ids.Count;
    }

    [LoggerMessage(LogLevel.Error, "Could not remove old charges; retrying in an hour.")]
    private static partial void Failed(ILogger log, Exception error);
}
