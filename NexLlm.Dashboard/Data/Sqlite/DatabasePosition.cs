using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace NexLlm.Dashboard.Data.Sqlite;

/// <summary>
/// Stores the database's progress in a small file beside it. SQLite silently ignores an unreadable write-ahead log and would open an
/// outdated or empty database; this file reveals that.
/// </summary>
internal sealed partial class DatabasePosition(IOptions<SqliteOptions> options, ILogger<DatabasePosition> log)
{
    private long _saved = -1;

    private string Path => options.Value.Path + ".position";

    /// <summary>Call with the instance lock held, before the database is opened for use.</summary>
    /// <exception cref="StartRefusedException">Committed data is missing.</exception>
    public void Require()
    {
        RequireReadableLog();
        if (Read() is not { } expected)
        {
            return;
        }

        var found = Find();
        if (found >= expected)
        {
            return;
        }

        // With Synchronous=Normal a power failure may lose the last commits, which the operator accepted, but never all of them.
        if (options.Value.Synchronous is Synchronous.Normal && found > 0)
        {
            LogMissing(log, options.Value.Path);
            return;
        }

        throw new StartRefusedException(
            $"{options.Value.Path} is missing committed changes: its write-ahead log ({options.Value.Path}-wal) is damaged, truncated or missing. "
            + "Put the correct file back, or restore a backup with the restore command. "
            + $"To continue without these changes, delete {Path} and start again.");
    }

    /// <summary>Stores the current position.</summary>
    public void Save()
    {
        var position = Find();
        if (position == _saved)
        {
            return;
        }

        var draft = Path + ".new";
        using (var file = PrivateFiles.Open(draft, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(position.ToString(CultureInfo.InvariantCulture) + "\n"));
        }

        File.Move(draft, Path, overwrite: true);
        _saved = position;
    }

    /// <summary>Call before the database is replaced with another.</summary>
    public static void Forget(string database) => File.Delete(database + ".position");

    /// <summary>
    /// The sum of the IDs assigned in all tables. SQLite stores the last ID of every
    /// table and never decreases it, even after deletions. 0 for an empty file.
    /// </summary>
    private long Find()
    {
        using var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder(options.Value.ConnectionString) { Pooling = false, DefaultTimeout = 5 }.ConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_sequence'";
        if (command.ExecuteScalar() is 0L)
        {
            return 0;
        }

        command.CommandText = "SELECT coalesce(sum(seq), 0) FROM sqlite_sequence";
        return (long)command.ExecuteScalar()!;
    }

    private long? Read()
    {
        if (!File.Exists(Path))
        {
            return null;
        }

        PrivateFiles.Restrict(Path);
        return long.TryParse(File.ReadAllText(Path).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position : null;
    }

    /// <summary>A valid log starts with one of two magic numbers. This check also works if no position was stored.</summary>
    private void RequireReadableLog()
    {
        var path = options.Value.Path + "-wal";
        if (!File.Exists(path))
        {
            return;
        }

        Span<byte> head = stackalloc byte[4];
        head.Clear();
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var read = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        // An empty or all-zero log was only just created when the process or machine stopped.
        if (head.ContainsAnyExcept((byte)0) && !(read == head.Length && head is [0x37, 0x7f, 0x06, 0x82 or 0x83]))
        {
            throw new StartRefusedException(
                $"{path} is damaged: it is not a write-ahead log. It may contain committed changes. Put the correct file back, or restore a backup "
                + "with the restore command. To continue without these changes, move the file away and start again.");
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Path} is missing its last committed changes. This can happen after a power failure with Data:Synchronous=Normal.")]
    private static partial void LogMissing(ILogger log, string path);
}
