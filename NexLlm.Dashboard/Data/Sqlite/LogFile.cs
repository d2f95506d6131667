using Microsoft.Data.Sqlite;

namespace NexLlm.Dashboard.Data.Sqlite;

/// <summary>The request log's write statements. The log has its own file, so its indexes, size and readers never slow down the ledger.</summary>
internal sealed class LogFile : WriterConnection, ILogStore
{
    private const int LargestAddress = 16;

    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _addRefusals;
    private readonly SqliteStatement _lastId;
    private readonly SqliteStatement _contains;
    private readonly SqliteStatement _oldest;
    private readonly SqliteStatement _delete;
    private readonly SqliteStatement _deleteRefusals;
    private readonly SqliteStatement _loadChargesBelow;
    private readonly SqliteStatement _saveChargesBelow;

    /// <summary>Creates the file if it doesn't exist.</summary>
    /// <exception cref="SqliteException">The file couldn't be opened.</exception>
    /// <exception cref="StartRefusedException">The file was created by a later version of the application.</exception>
    public LogFile(string path)
        : base(new SqliteConnectionStringBuilder { DataSource = path }.ConnectionString, gate: null)
    {
        try
        {
            PrivateFiles.PrepareDatabase(path);
            // The last page of every account's entries is written repeatedly. The cache holds all of these pages, and a high checkpoint
            // threshold avoids writing each change to its place in the file.
            Open(
                """
                PRAGMA busy_timeout=500; PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;
                PRAGMA cache_size=-32768; PRAGMA wal_autocheckpoint=16384;
                """);
            LogSchema.Prepare(Connection, path);
            // Requests in a flood share one line, whose count includes the later ones.
            _insert = Prepare(
                $"""
                INSERT INTO Lines ({LogSchema.LineColumns})
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

    /// <summary>Does nothing: the outcome of a commit to a file is always known.</summary>
    public void Name(in LogBatchName name)
    {
    }

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
        _insert.Bind(id).Bind(row.RequestId).Bind(row.AccountId).Bind(row.KeyId).Bind(row.GroupId).Bind(row.ChannelId)
            .Bind(row.Model).Bind(row.Api).Bind(row.Status).Bind(row.Code)
            .Bind(row.InputTokens).Bind(row.OutputTokens).Bind(row.ChargedTokens).Bind(row.Source)
            .Bind(row.FirstByteMs).Bind(row.DurationMs);
        if (row.Address is { } known && known.TryWriteBytes(address, out var length))
        {
            _insert.Bind(address[..length]);
        }
        else
        {
            _insert.Bind((long?)null);
        }

        _insert.Bind(row.Requests).Bind(row.ChargeId).Bind(row.NeededTokens).Execute();
        return _insert.Changes > 0;
    }

    public void AddRefusals(in RefusalKey key, long requests) =>
        _addRefusals.Bind(key.Quarter).Bind(key.AccountId).Bind(key.KeyId).Bind(key.Code).Bind(requests).Execute();

    public long? LastId(long below) => _lastId.Bind(below).ExecuteScalar();

    public bool Contains(long id, string requestId) => _contains.Bind(id).Bind(id + LogRow.Reach).Bind(requestId).ExecuteScalar() is not null;

    public bool DeleteOldest(long before, int most)
    {
        if (_oldest.ExecuteScalar() is not { } oldest || oldest >= before)
        {
            return false;
        }

        _delete.Bind(before).Bind(most).Bind(long.MaxValue).Execute();
        return _oldest.ExecuteScalar() < before;
    }

    public void DeleteRefusals(long quarter) => _deleteRefusals.Bind(quarter).Execute();

    /// <summary>A few pages at a time.</summary>
    public void Shrink()
    {
        using var command = Connection.CreateCommand();
        command.CommandText = "PRAGMA incremental_vacuum(2000)";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            // Each row returned is one freed page.
        }
    }

    public long ChargesBelow
    {
        get => _loadChargesBelow.ExecuteScalar() ?? 0;
        set => _saveChargesBelow.Bind(value).Execute();
    }
}
