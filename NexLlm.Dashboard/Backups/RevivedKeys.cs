using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Backups;

/// <summary>Going back in time also undoes that a leaked key was stopped: which ones that are must be told.</summary>
internal sealed class RevivedKeys(IDbContextFactory<NexLlmDbContext> contexts)
{
    private const int Step = 500;

    private IReadOnlyList<long> _stopped = [];

    /// <summary>Looks at the database that is about to be replaced; if that cannot be read, nothing is known.</summary>
    public async Task NoteStoppedAsync(CancellationToken cancellation)
    {
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellation);
            _stopped = await db.Set<ApiKey>().Where(k => k.DeletedAt != null || !k.IsEnabled).Select(k => k.Id).ToListAsync(cancellation);
        }
        catch (SqliteException)
        {
            _stopped = [];
        }
    }

    /// <summary>Those of them that work in the database that is there now, in words.</summary>
    public async Task<IReadOnlyList<string>> FindAsync(CancellationToken cancellation)
    {
        List<string> revived = [];
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        foreach (var ids in _stopped.Chunk(Step))
        {
            revived.AddRange(await (
                from key in db.Set<ApiKey>()
                join owner in db.Users on key.OwnerId equals owner.Id
                where ids.Contains(key.Id) && key.DeletedAt == null && key.IsEnabled
                select key.DisplayForm + "  " + key.Name + ", of " + owner.Email).ToListAsync(cancellation));
        }

        return revived;
    }
}
