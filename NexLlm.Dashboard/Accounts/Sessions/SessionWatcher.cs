using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Accounts.Sessions;

/// <summary>
/// Closes the tabs of sessions that ended without a notification in this process:
/// they expired, their account was disabled, or a command changed the database.
/// </summary>
internal sealed class SessionWatcher(
    LiveConnections connections, IDbContextFactory<NexLlmDbContext> contexts, TimeProvider clock, ILogger<SessionWatcher> logger)
    : BackgroundService
{
    internal static readonly TimeSpan Period = TimeSpan.FromSeconds(20);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await CheckAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // The database may be unavailable briefly. The next check follows soon, and every change is authorized anyway.
                logger.LogError(failure, "Open tabs could not be checked against their sessions");
            }
        }
    }

    internal async Task CheckAsync(CancellationToken cancellation)
    {
        var open = connections.Sessions;
        if (open.Count == 0)
        {
            return;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var live = await db.Live(clock.GetUtcNow()).Where(s => open.Contains(s.Id)).Select(s => s.Id).ToListAsync(cancellation);
        connections.End([.. open.Except(live)]);
    }
}
