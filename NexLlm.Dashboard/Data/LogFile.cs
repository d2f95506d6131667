using Microsoft.Data.Sqlite;

namespace NexLlm.Dashboard.Data;

/// <summary>
/// The request log's statements for writing. The file is the log's alone, so its indexes, its bulk and its readers are never in the
/// ledger's way.
/// </summary>
internal sealed class LogFile : WriterConnection
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

    /// <summary>Makes the file if there is none.</summary>
    /// <exception cref="SqliteException">It cannot be opened.</exception>
    /// <exception cref="StartRefusedException">A later version of the program made it.</exception>
    public LogFile(string path)
        : base(new SqliteConnectionStringBuilder { DataSource = path }.ConnectionString)
    {
        try
        {
            OwnerOnly.PrepareDatabase(path);
            // The last page of every account's entries is written to again and again: they have to fit into memory, and need not
            // go to their places in the file each time.
            Open(
                """
                PRAGMA busy_timeout=500; PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;
                PRAGMA cache_size=-32768; PRAGMA wal_autocheckpoint=16384;
                """);
            LogSchema.Prepare(Connection, path);
            // What floods shares a line, which is told of those that came later.
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

    /// <summary>
    /// Adds the line; if it is there already, adds its requests to it. If its id is another request's, because the clock was set
    /// back between two starts, it takes the next free one.
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

    /// <summary>The largest id below this one; null if there is none.</summary>
    public long? LastId(long below) => _lastId.Bind(below).ExecuteScalar();

    /// <summary>Whether a request has its line, at this id or one that is near enough for <see cref="Add"/>.</summary>
    public bool Contains(long id, string requestId) => _contains.Bind(id).Bind(id + LogRow.Reach).Bind(requestId).ExecuteScalar() is not null;

    /// <summary>Removes the oldest lines that are older than <paramref name="before"/>, at most so many and one.</summary>
    /// <returns>Whether such are left.</returns>
    public bool DeleteOldest(long before, int most)
    {
        if (_oldest.ExecuteScalar() is not { } oldest || oldest >= before)
        {
            return false;
        }

        _delete.Bind(before).Bind(most).Bind(long.MaxValue).Execute();
        return _oldest.ExecuteScalar() < before;
    }

    /// <param name="quarter">The first that stays.</param>
    public void DeleteRefusals(long quarter) => _deleteRefusals.Bind(quarter).Execute();

    /// <summary>Gives pages that are free back to the disk, some at a time.</summary>
    public void Shrink()
    {
        using var command = Connection.CreateCommand();
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
        get => _loadChargesBelow.ExecuteScalar() ?? 0;
        set => _saveChargesBelow.Bind(value).Execute();
    }
}
