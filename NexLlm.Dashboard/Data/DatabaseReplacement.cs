using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace NexLlm.Dashboard.Data;

/// <summary>How a copy takes the database's place, and gives it back.</summary>
internal sealed class DatabaseReplacement(IOptions<DatabaseOptions> options, TimeProvider clock)
{
    // The database, its write-ahead log and that log's index belong together.
    private static readonly string[] _parts = ["", "-wal", "-shm"];

    /// <summary>Whether there is a database at all.</summary>
    public bool HasOriginal => File.Exists(Original);

    private string Original => options.Value.Path;

    /// <summary>
    /// Puts a copy in the database's place; only for who holds the file's lock, and before anybody opens it. Whenever it is
    /// killed, the old database or the new one is there, whole.
    /// </summary>
    /// <exception cref="StartRefusedException">Another program has the database open.</exception>
    public Replaced ReplaceBy(string copy, CancellationToken cancellation)
    {
        var draft = Original + ".restoring";
        File.Delete(draft);
        DatabaseCopies.Write(copy, SqliteOpenMode.ReadOnly, draft, cancellation);
        try
        {
            return ReplaceByDraft(draft);
        }
        catch
        {
            File.Delete(draft);
            throw;
        }
    }

    /// <summary>Undoes it.</summary>
    public static void PutBack(Replaced replaced)
    {
        SqliteConnection.ClearAllPools();
        DatabasePosition.Forget(replaced.Database.From);
        foreach (var moved in (Moved[])[replaced.Database, replaced.Log])
        {
            foreach (var part in _parts.Reverse())
            {
                if (File.Exists(moved.To + part))
                {
                    File.Move(moved.To + part, moved.From + part, overwrite: true);
                }
                else
                {
                    File.Delete(moved.From + part);
                }
            }
        }
    }

    private Replaced ReplaceByDraft(string draft)
    {
        var log = options.Value.LogPath;
        var now = clock.GetUtcNow().UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        var replaced = new Replaced(new Moved(Original, Free($"{Original}.replaced-{now}")), new Moved(log, Free($"{log}.replaced-{now}")));
        CloseOriginal(replaced.Database);
        // It speaks of accounts, keys and charges by numbers that will be given again; the next start makes a new one from the charges.
        Move(replaced.Log, _parts);
        DatabasePosition.Forget(Original);
        Failpoint.Hit("before_replace");
        try
        {
            if (HasOriginal)
            {
                // One step, which also leaves the old file under its new name.
                File.Replace(draft, Original, replaced.Database.To);
            }
            else
            {
                File.Move(draft, Original);
            }
        }
        catch
        {
            Move(replaced.Log.Back, _parts);
            throw;
        }

        Failpoint.Hit("after_replace");
        return replaced;
    }

    /// <summary>What a killed server left in the write-ahead log belongs to the old database, and SQLite would take it for the new one's.</summary>
    private void CloseOriginal(Moved original)
    {
        SqliteConnection.ClearAllPools();
        if (!HasOriginal)
        {
            Move(original, _parts);
            return;
        }

        try
        {
            // The last connection to close empties the write-ahead log into the file, and removes the log.
            using var database = DatabaseCopies.Open(Original, SqliteOpenMode.ReadWrite);
            using var emptying = database.CreateCommand();
            emptying.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
            emptying.ExecuteNonQuery();
        }
        catch (SqliteException e) when (e.SqliteErrorCode is SqliteErrors.Corrupt or SqliteErrors.NotADatabase)
        {
            Move(original, _parts[1..]);
        }

        if (File.Exists(Original + "-wal"))
        {
            throw new StartRefusedException($"{Original} is open in another program. Close that program and try again.");
        }
    }

    private static void Move(Moved file, string[] parts)
    {
        foreach (var part in parts.Where(part => File.Exists(file.From + part)))
        {
            File.Move(file.From + part, file.To + part);
        }
    }

    private static string Free(string path)
    {
        var free = path;
        for (var number = 2; File.Exists(free); number++)
        {
            free = string.Create(CultureInfo.InvariantCulture, $"{path}-{number}");
        }

        return free;
    }
}

/// <summary>What was moved away to make room for a copy.</summary>
/// <param name="Log">The request log, which a copy does not have.</param>
internal sealed record Replaced(Moved Database, Moved Log);

/// <param name="From">Where it was; of the database, where the copy is now.</param>
/// <param name="To">Where it is now; nothing is there if there was nothing.</param>
internal sealed record Moved(string From, string To)
{
    public Moved Back => new(To, From);
}
