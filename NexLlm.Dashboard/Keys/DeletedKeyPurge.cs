using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Keys;

/// <summary>Purges the policies of deleted keys that can no longer be restored. The hash is kept, so that later use is recognized.</summary>
public sealed partial class DeletedKeyPurge(
    IDbContextFactory<NexLlmDbContext> contexts, TimeProvider clock, IOptions<ApiKeyOptions> options, ILogger<DeletedKeyPurge> log) : BackgroundService
{
    private static readonly TimeSpan _interval = TimeSpan.FromMinutes(10);

    /// <returns>The number of purged keys.</returns>
    public async Task<int> PurgeAsync(CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var now = clock.GetUtcNow();
        var until = now - options.Value.UndoWindow;
        var keys = await db.Set<ApiKey>()
            .Where(k => k.DeletedAt != null && k.PurgedAt == null && k.DeletedAt <= until)
            .OrderBy(k => k.DeletedAt).Take(1_000).ToListAsync(cancellation);
        foreach (var key in keys)
        {
            key.Purge(now);
            key.Version++;
            AuditTrail.Record(db, Actor.Machine, now, AuditActions.KeyPurged, key.OwnerId, key.Id);
        }

        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return keys.Count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_interval, clock);
        do
        {
            try
            {
                while (await PurgeAsync(stoppingToken) > 0)
                {
                }
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                Failed(log, error);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(LogLevel.Error, "Deleted keys could not be purged; trying again in ten minutes.")]
    private static partial void Failed(ILogger log, Exception error);
}
