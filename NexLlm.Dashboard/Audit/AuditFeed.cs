using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Events;

namespace NexLlm.Dashboard.Audit;

/// <summary>Publishes recorded events within a second, including those of other processes such as a command.</summary>
public sealed class AuditEvents : Changes<AuditEvent>;

/// <summary>Polls the audit trail, the one place where the changes of all processes come together.</summary>
internal sealed partial class AuditFeed(
    IDbContextFactory<NexLlmDbContext> contexts, AuditEvents events, TimeProvider clock, ILogger<AuditFeed> log) : BackgroundService
{
    private const int Batch = 500;

    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);

    private long _last;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Subscribers that cache database content reload it after this point.
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        _last = await db.Set<AuditEvent>().MaxAsync(e => (long?)e.Id, cancellationToken) ?? 0;
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var failing = false;
        while (true)
        {
            await Task.Delay(_interval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            try
            {
                await ReadAsync(stoppingToken);
                failing = false;
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                if (!failing)
                {
                    Failed(log, error);
                }

                failing = true;
            }
        }
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        List<AuditEvent> found;
        do
        {
            found = await db.Set<AuditEvent>().AsNoTracking().Where(e => e.Id > _last).OrderBy(e => e.Id).Take(Batch).ToListAsync(cancellation);
            foreach (var recorded in found)
            {
                events.Publish(recorded);
                _last = recorded.Id;
            }
        }
        while (found.Count == Batch);
    }

    [LoggerMessage(LogLevel.Error, "Could not read the audit log; changes by other processes are not shown until it is readable again.")]
    private static partial void Failed(ILogger log, Exception error);
}
