using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace NexLlm.Dashboard.Data;

/// <summary>Copies of the database file: how one is made beside a running server, and how one takes the file's place.</summary>
internal sealed class DatabaseCopies(IOptions<DatabaseOptions> options, TimeProvider clock)
{
    // The database, its write-ahead log and that log's index belong together.
    private static readonly string[] _parts = ["", "-wal", "-shm"];

    /// <summary>Whether there is a database at all.</summary>
    public bool HasOriginal => File.Exists(options.Value.Path);

    /// <summary>Writes everything that is committed now. Readers and writers of the database go on meanwhile.</summary>
    /// <param name="path">Where nothing is yet; it appears there only once it is whole.</param>
    /// <exception cref="IOException">It cannot be written there.</exception>
    /// <exception cref="SqliteException">The disk is full, or the database is damaged.</exception>
    public void CopyTo(string path)
    {
        var draft = path + ".partial";
        try
        {
            CreateForOwner(draft);
            using (var database = Open(options.Value.Path, SqliteOpenMode.ReadWrite))
            {
                using var copy = database.CreateCommand();
                copy.CommandText = "VACUUM INTO $file";
                copy.CommandTimeout = 0;
                copy.Parameters.AddWithValue("$file", draft);
                copy.ExecuteNonQuery();
            }

            FlushToDisk(draft);
            File.Move(draft, path);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    /// <summary>What is wrong with a copy, for whoever wants to use it; null if nothing is.</summary>
    public static string? Check(string path)
    {
        try
        {
            using var copy = Open(path, SqliteOpenMode.ReadOnly);
            return Scalar(copy, "SELECT count(*) FROM sqlite_master WHERE name IN ('__EFMigrationsHistory', 'ApiKeys', 'Charges')") is not 3L
                ? "is no database of this program"
                : Scalar(copy, "PRAGMA integrity_check(1)") is "ok" ? null : "is damaged";
        }
        catch (SqliteException e)
        {
            return e.SqliteErrorCode is SqliteErrors.NotADatabase ? "is no database of this program" : $"cannot be read ({e.Message})";
        }
    }

    /// <summary>Puts a copy in the database's place; only for who holds the file's lock, and before anybody opens it.</summary>
    public Replaced ReplaceBy(string copy)
    {
        var path = options.Value.Path;
        var draft = path + ".restoring";
        File.Delete(draft);
        CreateForOwner(draft);
        File.Copy(copy, draft, overwrite: true);
        FlushToDisk(draft);

        SqliteConnection.ClearAllPools();
        var now = clock.GetUtcNow().UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        var replaced = new Replaced(new Moved(path, Free($"{path}.replaced-{now}")), new Moved(options.Value.LogPath, Free($"{options.Value.LogPath}.replaced-{now}")));
        Move(replaced.Database);
        // It speaks of accounts, keys and charges by numbers that will be given again; the next start makes a new one from the charges.
        Move(replaced.Log);
        File.Move(draft, path);
        return replaced;
    }

    /// <summary>Undoes it.</summary>
    public static void PutBack(Replaced replaced)
    {
        SqliteConnection.ClearAllPools();
        foreach (var moved in (Moved[])[replaced.Database, replaced.Log])
        {
            foreach (var part in _parts)
            {
                File.Delete(moved.From + part);
            }

            Move(new Moved(moved.To, moved.From));
        }
    }

    private static void Move(Moved file)
    {
        foreach (var part in _parts.Where(part => File.Exists(file.From + part)))
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

    /// <summary>Hashes and addresses stand in it: nobody else may read it.</summary>
    private static void CreateForOwner(string path)
    {
        var how = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        new FileStream(path, how).Dispose();
    }

    private static void FlushToDisk(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        file.Flush(flushToDisk: true);
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ConnectionString);
        connection.Open();
        return connection;
    }

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        return command.ExecuteScalar();
    }
}

/// <summary>What was moved away to make room for a copy.</summary>
/// <param name="Log">The request log, which a copy does not have.</param>
internal sealed record Replaced(Moved Database, Moved Log);

/// <param name="From">Where it was; of the database, where the copy is now.</param>
/// <param name="To">Where it is now; nothing is there if there was nothing.</param>
internal sealed record Moved(string From, string To);
