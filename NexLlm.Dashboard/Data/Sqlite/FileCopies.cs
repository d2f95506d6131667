using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using SQLitePCL;

namespace NexLlm.Dashboard.Data.Sqlite;

/// <summary>Copies the database file while the server is running.</summary>
internal sealed partial class FileCopies(IOptions<SqliteOptions> options, TimeProvider clock) : IDatabaseCopies
{
    /// <summary>4 MB per step, so that a request's charge, which waits for the same disk, never waits behind more.</summary>
    private const int PagesAtOnce = 1_024;

    public string Original => options.Value.Path;

    public string DraftOf(string path) => path + ".partial";

    public void CopyTo(string path, CancellationToken cancellation)
    {
        try
        {
            Copy(path, cancellation);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is SqliteErrors.Full)
        {
            throw new DiskFullException(e);
        }
        catch (SqliteException e) when (SqliteErrors.IsDamage(e))
        {
            throw new DamagedDataException(e);
        }
    }

    public string? Check(string path, CancellationToken cancellation)
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

    private void Copy(string path, CancellationToken cancellation)
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

    /// <summary>Copies everything committed in one database to a new file and flushes it to disk. Removes the file on failure.</summary>
    /// <param name="mode">Read-only if the source is a backup that must stay unchanged.</param>
    private static void Write(string from, SqliteOpenMode mode, string to, CancellationToken cancellation)
    {
        PrivateFiles.Open(to, FileMode.CreateNew, FileAccess.Write, FileShare.None).Dispose();
        try
        {
            CopyPages(from, mode, to, cancellation);
            using var copy = Open(to, SqliteOpenMode.ReadWrite);
            // The copy has no write-ahead log yet, and WAL mode would make it unreadable on a read-only disk.
            Scalar(copy, "PRAGMA journal_mode=DELETE", cancellation);
        }
        catch
        {
            File.Delete(to);
            throw;
        }
    }

    /// <summary>The caller disposes the connection.</summary>
    private static SqliteConnection Open(string path, SqliteOpenMode mode)
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
        // The first read determines the snapshot.
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

    /// <exception cref="OperationCanceledException">Thrown even during a statement that takes minutes.</exception>
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
