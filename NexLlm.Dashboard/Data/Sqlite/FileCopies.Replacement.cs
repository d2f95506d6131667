using System.Globalization;
using Microsoft.Data.Sqlite;

namespace NexLlm.Dashboard.Data.Sqlite;

// Replacing the database with a copy, and undoing that.
internal sealed partial class FileCopies
{
    // The database, its write-ahead log and the log's index belong together.
    private static readonly string[] _parts = ["", "-wal", "-shm"];

    public bool HasOriginal => File.Exists(Original);

    public Replaced ReplaceBy(string copy, CancellationToken cancellation)
    {
        var draft = Original + ".restoring";
        File.Delete(draft);
        Write(copy, SqliteOpenMode.ReadOnly, draft, cancellation);
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

    public void PutBack(Replaced replaced)
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

    /// <summary>Moves the database away without replacing it.</summary>
    public Replaced MoveAside()
    {
        var aside = Aside("migrated");
        CloseOriginal(aside.Database);
        Move(aside.Log, _parts);
        DatabasePosition.Forget(Original);
        Move(aside.Database, _parts);
        return aside;
    }

    private Replaced Aside(string why)
    {
        var log = options.Value.LogPath;
        var now = clock.GetUtcNow().UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        return new Replaced(new Moved(Original, Free($"{Original}.{why}-{now}")), new Moved(log, Free($"{log}.{why}-{now}")));
    }

    private Replaced ReplaceByDraft(string draft)
    {
        var replaced = Aside("replaced");
        CloseOriginal(replaced.Database);
        // The request log refers to accounts, keys and charges by IDs that will be reused. The next start recreates it from the charges.
        Move(replaced.Log, _parts);
        DatabasePosition.Forget(Original);
        Failpoint.Hit("before_replace");
        try
        {
            if (HasOriginal)
            {
                // An atomic step that also keeps the old file under its new name.
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

    /// <summary>
    /// Data that a killed server left in the write-ahead log belongs to the old database, but SQLite would apply it to the new one.
    /// </summary>
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
            // Closing the last connection merges the write-ahead log into the file and deletes the log.
            using var database = Open(Original, SqliteOpenMode.ReadWrite);
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
