using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using SQLitePCL;

namespace NexLlm.Dashboard.Data;

/// <summary>Copies of the database file, made beside a running server.</summary>
internal sealed class DatabaseCopies(IOptions<DatabaseOptions> options)
{
    /// <summary>4 MB go to the disk at a time: a request's charge, which waits for the same disk, never waits behind more.</summary>
    private const int PagesAtOnce = 1_024;

    /// <summary>The database's file.</summary>
    public string Original => options.Value.Path;

    /// <summary>Where a copy is written before it is whole.</summary>
    public static string DraftOf(string path) => path + ".partial";

    /// <summary>Writes everything that is committed now. Readers and writers of the database continue.</summary>
    /// <param name="path">Where nothing is yet; it appears there only once it is whole, and on the disk.</param>
    /// <param name="cancellation">Gives up; nothing is left then.</param>
    /// <exception cref="IOException">It cannot be written there, or somebody is doing it already.</exception>
    /// <exception cref="SqliteException">The disk is full, or the database is damaged.</exception>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public void CopyTo(string path, CancellationToken cancellation)
    {
        var draft = DraftOf(path);
        Write(Original, SqliteOpenMode.ReadWrite, draft, cancellation);
        try
        {
            if (Check(draft, cancellation) is { } wrong)
            {
                throw new SqliteException($"The copy {wrong}", SqliteErrors.Corrupt);
            }

            Failpoint.Hit("before_backup_is_whole");
            File.Move(draft, path);
        }
        catch
        {
            File.Delete(draft);
            throw;
        }
    }

    /// <summary>Why a copy cannot be used; null if it can.</summary>
    public static string? Check(string path, CancellationToken cancellation)
    {
        try
        {
            using var copy = Open(path, SqliteOpenMode.ReadOnly);
            return Scalar(copy, "SELECT count(*) FROM sqlite_master WHERE name IN ('__EFMigrationsHistory', 'ApiKeys', 'Charges')", cancellation) is not 3L
                ? "is not a NexLLM Dashboard database"
                : Scalar(copy, "PRAGMA integrity_check(1)", cancellation) is "ok" ? null : "is damaged";
        }
        catch (SqliteException e)
        {
            return e.SqliteErrorCode switch
            {
                SqliteErrors.NotADatabase => "is not a NexLLM Dashboard database",
                SqliteErrors.Corrupt => "is damaged",
                _ => $"can't be read ({e.Message.TrimEnd('.')})",
            };
        }
    }

    /// <summary>Writes all that is committed in one database into a new file, down to the disk; if that fails, no file is left.</summary>
    /// <param name="mode">Only reading, where a copy of the past must stay as it is.</param>
    public static void Write(string from, SqliteOpenMode mode, string to, CancellationToken cancellation)
    {
        OwnerOnly.Open(to, FileMode.CreateNew, FileAccess.Write, FileShare.None).Dispose();
        try
        {
            CopyPages(from, mode, to, cancellation);
            using var copy = Open(to, SqliteOpenMode.ReadWrite);
            // It has no write-ahead log yet, and could not be read on a disk that takes none.
            Scalar(copy, "PRAGMA journal_mode=DELETE", cancellation);
        }
        catch
        {
            File.Delete(to);
            throw;
        }
    }

    /// <summary>For who closes it himself.</summary>
    public static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ConnectionString);
        connection.Open();
        return connection;
    }

    private static void CopyPages(string from, SqliteOpenMode mode, string to, CancellationToken cancellation)
    {
        using var file = new FileStream(to, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        using var source = Open(from, mode);
        using var target = Open(to, SqliteOpenMode.ReadWrite);
        // The first read decides which moment the copy is of.
        Scalar(source, "BEGIN; SELECT count(*) FROM sqlite_master", cancellation);
        Scalar(target, "PRAGMA synchronous=OFF; PRAGMA cache_size=-1024; PRAGMA journal_mode=OFF", cancellation);
        using var backup = raw.sqlite3_backup_init(target.Handle, "main", source.Handle, "main");
        int result;
        while ((result = raw.sqlite3_backup_step(backup, PagesAtOnce)) == raw.SQLITE_OK)
        {
            cancellation.ThrowIfCancellationRequested();
            file.Flush(flushToDisk: true);
        }

        SqliteException.ThrowExceptionForRC(result == raw.SQLITE_DONE ? raw.SQLITE_OK : result, target.Handle);
        file.Flush(flushToDisk: true);
    }

    /// <exception cref="OperationCanceledException">Even in the midst of a statement that takes minutes.</exception>
    private static object? Scalar(SqliteConnection connection, string sql, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        using var interrupt = cancellation.Register(() => raw.sqlite3_interrupt(connection.Handle));
        try
        {
            return command.ExecuteScalar();
        }
        catch (SqliteException) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
    }
}
