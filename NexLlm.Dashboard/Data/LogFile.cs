using Microsoft.Data.Sqlite;

namespace NexLlm.Dashboard.Data;

/// <summary>
/// The request log's writing connection, with its statements prepared. The file is the log's alone, so that its indexes, its
/// bulk and its readers never stand in the ledger's way. Used by one thread at a time.
/// </summary>
internal sealed class LogFile : IDisposable
{
    private const int LargestAddress = 16;

    private readonly SqliteConnection _connection;
    private readonly List<SqliteStatement> _statements = [];
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _addRefusals;
    private readonly SqliteStatement _lastId;
    private readonly SqliteStatement _contains;
    private readonly SqliteStatement _oldest;
    private readonly SqliteStatement _delete;
    private readonly SqliteStatement _deleteRefusals;
    private readonly SqliteStatement _loadChargesBelow;
    private readonly SqliteStatement _saveChargesBelow;

    /// <summary>Makes the file if there is none.</summary>
    /// <exception cref="SqliteException">It cannot be opened.</exception>
    /// <exception cref="StartRefusedException">A later version of the program made it.</exception>
    public LogFile(string path)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString);
        try
        {
            OwnerOnly.PrepareDatabase(path);
            _connection.Open();
            // The last page of every account's entries is written to again and again: they have to fit into memory, and need not
            // go to their places in the file each time.
            Execute(
                """
                PRAGMA busy_timeout=500; PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;
                PRAGMA cache_size=-32768; PRAGMA wal_autocheckpoint=16384;
                """);
            LogSchema.Prepare(_connection, path);
            _begin = Prepare("BEGIN IMMEDIATE");
            _commit = Prepare("COMMIT");
            // What floods shares a line, which is told of those that came later.
            _insert = Prepare(
                """
                INSERT INTO Lines (Id, RequestId, AccountId, KeyId, GroupId, ChannelId, Model, Api, Status, Code, InputTokens, OutputTokens,
                    ChargedTokens, Source, FirstByteMs, DurationMs, Address, Requests, ChargeId, NeededTokens)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (Id) DO UPDATE SET Requests = Requests + excluded.Requests WHERE RequestId = excluded.RequestId
                """);
            _addRefusals = Prepare(
                """
                INSERT INTO Refusals (Quarter, AccountId, KeyId, Code, Requests) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET Requests = Requests + excluded.Requests
                """);
            _lastId = Prepare("SELECT max(Id) FROM Lines WHERE Id < ?");
            _contains = Prepare("SELECT 1 FROM Lines WHERE Id BETWEEN ? AND ? AND RequestId = ?");
            _oldest = Prepare("SELECT min(Id) FROM Lines");
            _delete = Prepare("DELETE FROM Lines WHERE Id < ? AND Id <= coalesce((SELECT Id FROM Lines ORDER BY Id LIMIT 1 OFFSET ?), ?)");
            _deleteRefusals = Prepare("DELETE FROM Refusals WHERE Quarter < ?");
            _loadChargesBelow = Prepare("SELECT ChargesBelow FROM State");
            _saveChargesBelow = Prepare("UPDATE State SET ChargesBelow = ?");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public void Begin() => _begin.Run();

    public void Commit() => _commit.Run();

    /// <summary>
    /// Adds the line; if it is there already, adds its requests to it. If its id is another request's, because the clock was set
    /// back between two starts, it stands at the next that is free.
    /// </summary>
    public void Add(in LogRow row)
    {
        for (var id = row.Id; !TryAdd(id, row);)
        {
            id++;
        }
    }

    private bool TryAdd(long id, in LogRow row)
    {
        Span<byte> address = stackalloc byte[LargestAddress];
        _insert.With(id).With(row.RequestId).With(row.AccountId).With(row.KeyId).With(row.GroupId).With(row.ChannelId)
            .With(row.Model).With(row.Api).With(row.Status).With(row.Code)
            .With(row.InputTokens).With(row.OutputTokens).With(row.ChargedTokens).With(row.Source)
            .With(row.FirstByteMs).With(row.DurationMs);
        if (row.Address is { } known && known.TryWriteBytes(address, out var length))
        {
            _insert.With(address[..length]);
        }
        else
        {
            _insert.With((long?)null);
        }

        _insert.With(row.Requests).With(row.ChargeId).With(row.NeededTokens).Run();
        return _insert.Changes > 0;
    }

    public void AddRefusals(in RefusalKey key, long requests) =>
        _addRefusals.With(key.Quarter).With(key.AccountId).With(key.KeyId).With(key.Code).With(requests).Run();

    /// <summary>The largest id below this one; null if there is none.</summary>
    public long? LastId(long below) => _lastId.With(below).Ask();

    /// <summary>Whether a request has its line, at this id or one that is near enough for <see cref="Add"/>.</summary>
    public bool Contains(long id, string requestId) => _contains.With(id).With(id + LogRow.Reach).With(requestId).Ask() is not null;

    /// <summary>Removes the oldest lines that are older than <paramref name="before"/>, at most so many and one.</summary>
    /// <returns>Whether such are left.</returns>
    public bool DeleteOldest(long before, int most)
    {
        if (_oldest.Ask() is not { } oldest || oldest >= before)
        {
            return false;
        }

        _delete.With(before).With(most).With(long.MaxValue).Run();
        return _oldest.Ask() < before;
    }

    /// <param name="quarter">The first that stays.</param>
    public void DeleteRefusals(long quarter) => _deleteRefusals.With(quarter).Run();

    /// <summary>Gives pages that are free back to the disk, some at a time.</summary>
    public void Shrink()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "PRAGMA incremental_vacuum(2000)";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            // A page a row.
        }
    }

    /// <summary>Charges with a smaller id have their lines.</summary>
    public long ChargesBelow
    {
        get => _loadChargesBelow.Ask() ?? 0;
        set => _saveChargesBelow.With(value).Run();
    }

    /// <summary>What was begun and not committed is undone.</summary>
    public void Dispose()
    {
        foreach (var statement in _statements)
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private SqliteStatement Prepare(string sql)
    {
        var statement = new SqliteStatement(_connection, sql);
        _statements.Add(statement);
        return statement;
    }
}
