using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Backups;

/// <summary>When the data was last made safe.</summary>
public sealed class BackupHistory(IDbContextFactory<NexLlmDbContext> contexts, TimeProvider clock)
{
    private const int Tries = 5;

    /// <summary>When the last backup was finished; null if there never was one.</summary>
    /// <exception cref="AccessDeniedException">The actor is no administrator.</exception>
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
        // In no transaction: a command that has just started would hold the file, and with it the server's requests, while it is compiled.
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
                // The server has recorded an event since this one was numbered.
            }
        }
    }

    /// <summary>Notes that the database is a copy now, and ends the logins that it brought back.</summary>
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
