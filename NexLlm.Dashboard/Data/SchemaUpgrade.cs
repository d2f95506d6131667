using Microsoft.EntityFrameworkCore;

namespace NexLlm.Dashboard.Data;

/// <summary>Upgrades the database's schema to this version, or explains why it can't.</summary>
internal sealed class SchemaUpgrade(IDbContextFactory<NexLlmDbContext> contexts, ILogger<SchemaUpgrade> log)
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(10);

    /// <summary>The caller must exclude other servers and commands.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var pending = await PendingAsync(db, cancellation);
        if (pending is not [])
        {
            log.LogInformation("Upgrading the database: {Migrations}", string.Join(", ", pending));
            await MigrateAsync(db, cancellation);
        }
    }

    /// <exception cref="StartRefusedException">The schema must be upgraded first.</exception>
    public async Task RequireCurrentAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (await PendingAsync(db, cancellation) is not [])
        {
            throw new StartRefusedException(
                "The running server uses an older database schema. Restart it with this version first.");
        }
    }

    private static async Task<IReadOnlyList<string>> PendingAsync(NexLlmDbContext db, CancellationToken cancellation)
    {
        var known = db.Database.GetMigrations().ToList();
        var applied = (await db.Database.GetAppliedMigrationsAsync(cancellation)).ToList();
        return applied.Except(known).LastOrDefault() is { } newer
            ? throw new StartRefusedException(
                $"The database was created by a newer version (it has {newer}). Run that version, or restore a backup from before the upgrade.")
            : [.. known.Except(applied)];
    }

    private static async Task MigrateAsync(NexLlmDbContext db, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(_patience);
        try
        {
            await db.Database.MigrateAsync(patience.Token);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new StartRefusedException(
                $"The database upgrade timed out after {_patience.TotalMinutes} minutes. Close other programs that use the database and try again.", e);
        }
    }
}
