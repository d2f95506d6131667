using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Logs.Writing;

/// <summary>
/// Adds missing lines for charges, because the process ended before writing them or the log file was removed. This keeps the log
/// consistent with the charges. It then records how far back the next start has to look.
/// </summary>
internal sealed partial class LogRecovery(
    IDbContextFactory<NexLlmDbContext> contexts, LogWriter writer, IOptions<LogsOptions> options, TimeProvider clock, ILogger<LogRecovery> log)
    : BackgroundService
{
    private const int Step = 1_000;

    /// <summary>
    /// The last bytes of a response are sent between the end of its charge and its line. The slowest client the server tolerates
    /// takes less than this.
    /// </summary>
    private const int LongestSending = 20;

    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);

    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _last;

    /// <summary>Completes when every charge of earlier processes has its line.</summary>
    public Task Done => _done.Task;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Runs before any request is accepted; later ones are logged when they end.
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        _last = await db.Set<Charge>().MaxAsync(c => (long?)c.Id, cancellationToken) ?? 0;
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            await RecoverAsync(stoppingToken);
            _done.SetResult();
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            _done.SetException(error);
            Failed(log, error);
            return;
        }

        await FollowAsync(stoppingToken);
    }

    private async Task RecoverAsync(CancellationToken cancellation)
    {
        var below = 0L;
        await writer.RunAsync(store => below = store.ChargesBelow);
        while (below <= _last)
        {
            await using var db = await contexts.CreateDbContextAsync(cancellation);
            var since = clock.GetUtcNow() - options.Value.Keep;
            var charges = await db.Set<Charge>().AsNoTracking().Where(c => c.Id >= below && c.Id <= _last).OrderBy(c => c.Id).Take(Step)
                .ToListAsync(cancellation);
            below = charges.Count == Step ? charges[^1].Id + 1 : _last + 1;
            await writer.RunAsync(store =>
            {
                foreach (var charge in charges.Where(c => c.State is ChargeState.Settled or ChargeState.Recovered && c.StartedAt >= since))
                {
                    AddMissing(store, charge);
                }

                store.ChargesBelow = below;
            });
        }
    }

    /// <summary>Everything settled before the longest possible send began has been written by now.</summary>
    private async Task FollowAsync(CancellationToken cancellation)
    {
        var oldestOpen = new Queue<long>();
        using var timer = new PeriodicTimer(_minute, clock);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            try
            {
                await using var db = await contexts.CreateDbContextAsync(cancellation);
                oldestOpen.Enqueue(await db.Set<LedgerState>().Select(s => s.OldestOpenId).SingleAsync(cancellation));
                // If lines were dropped, the next start has to look for them.
                if (oldestOpen.Count > LongestSending && oldestOpen.Dequeue() is var below && writer.Dropped == 0)
                {
                    await writer.RunAsync(store => store.ChargesBelow = below);
                }
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                // The next start only looks back further.
                NotNoted(log, error);
            }
        }
    }

    private static void AddMissing(ILogStore store, Charge charge)
    {
        var id = RequestNumber.TryParse(charge.RequestId, out var number) ? number : RequestNumber.FirstAt(charge.StartedAt);
        if (store.Contains(id, charge.RequestId))
        {
            return;
        }

        var duration = charge.SettledAt!.Value - charge.StartedAt;
        store.Add(new LogRow(
            id, charge.RequestId, charge.AccountId, charge.KeyId, charge.GroupId, ChannelId: null, charge.Model, Api: null, StatusOf(charge), Code: null,
            charge.InputTokens, charge.OutputTokens, charge.ChargedTokens, (int)charge.Source, FirstByteMs: null,
            (long)Math.Max(0, duration.TotalMilliseconds), Address: null, Requests: 1, charge.Id));
    }

    /// <summary>A settled charge had a response; how the others ended is unknown.</summary>
    private static int StatusOf(Charge charge) => charge.State is ChargeState.Settled ? StatusCodes.Status200OK : 0;

    [LoggerMessage(LogLevel.Error, "Could not add charges of the previous process to the request log; retrying at the next start.")]
    private static partial void Failed(ILogger log, Exception error);

    [LoggerMessage(LogLevel.Warning, "Could not record how far the request log follows the charges.")]
    private static partial void NotNoted(ILogger log, Exception error);
}
