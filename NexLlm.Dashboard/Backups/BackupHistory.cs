using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Backups;

/// <summary>Records backups and restores, and reports the last backup.</summary>
public sealed class BackupHistory(IDbContextFactory<NexLlmDbContext> contexts, TimeProvider clock)
{
    private const int Tries = 5;

    /// <summary>When the last backup was completed; null if there is none.</summary>
    /// <exception cref="AccessDeniedException">The actor is not an administrator.</exception>
    public async Task<DateTimeOffset?> LastAsync(Actor actor, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (!(await db.RequireAsync(actor, clock.GetUtcNow(), cancellation)).IsAdministrator)
        {
            throw new AccessDeniedException("Only administrators can see backups.");
        }

        return await db.Set<AuditEvent>()
            .Where(e => e.Action == AuditActions.BackupMade)
            .OrderByDescending(e => e.Id).Select(e => (DateTimeOffset?)e.At).FirstOrDefaultAsync(cancellation);
    }

    internal async Task RecordBackupAsync(string file)
    {
        // Not in a transaction: a command that has just started would hold the file
        // lock, and block the server's requests, during JIT compilation.
        for (var tries = 1; ; tries++)
        {
            try
            {
                await using var db = await contexts.CreateDbContextAsync();
                Record(db, AuditActions.BackupMade, file);
                await db.SaveChangesAsync();
                return;
            }
            catch (DbUpdateException) when (tries < Tries)
            {
                // The server recorded an event after this one got its ID; try again.
            }
        }
    }

    /// <summary>Records that the database was restored, and ends the sessions that the backup brought back.</summary>
    internal async Task RecordRestoreAsync(string file, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await using var transaction = await db.BeginWriteAsync(cancellation);
        await RevivedAccess.EndLoginsAsync(db, clock.GetUtcNow(), cancellation);
        Record(db, AuditActions.BackupRestored, file);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }

    private void Record(NexLlmDbContext db, string action, string file) =>
        AuditTrail.Record(db, Actor.Machine, clock.GetUtcNow(), action, ownerId: null, keyId: null, new AuditChange("file", null, file));
}
