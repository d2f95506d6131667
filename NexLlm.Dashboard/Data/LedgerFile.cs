using Microsoft.Data.Sqlite;

namespace NexLlm.Dashboard.Data;

/// <summary>
/// The ledger's own connection, with its statements prepared: EF Core would spend more on a row than SQLite does. Used by one
/// thread at a time, which holds the write gate from <see cref="Begin"/> to <see cref="Commit"/>.
/// </summary>
internal sealed class LedgerFile : IDisposable
{
    // Met only when another process writes. Requests wait as long, so not for ever.
    private const int BusyMilliseconds = 500;

    // Moving the write-ahead log into the file holds requests up, so it is done seldom: in SQLite's own rhythm (1,000) it shows among the slowest hundredth.
    private const int CheckpointPages = 10_000;

    private readonly SqliteConnection _connection;
    private readonly List<SqliteStatement> _statements = [];
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _settle;
    private readonly SqliteStatement _checkpoint;
    private readonly SqliteStatement _addToKey;
    private readonly SqliteStatement _addToAccount;
    private readonly SqliteStatement _saveState;

    /// <exception cref="SqliteException">The file cannot be opened.</exception>
    public LedgerFile(DatabaseOptions options)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder(options.ConnectionString) { Pooling = false }.ConnectionString);
        try
        {
            _connection.Open();
            Execute($"PRAGMA synchronous={options.Synchronous}; PRAGMA busy_timeout={BusyMilliseconds}; PRAGMA wal_autocheckpoint={CheckpointPages};");
            _begin = Prepare("BEGIN IMMEDIATE");
            _commit = Prepare("COMMIT");
            _insert = Prepare(
                """
                INSERT INTO Charges (Id, RequestId, KeyId, AccountId, GroupId, Model, State, Source, RatioMillionths, ReservedTokens,
                    InputTokens, OutputTokens, ChargedTokens, IsClamped, Settlement, StartedAt, SettledAt)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """);
            _settle = Prepare(
                """
                UPDATE Charges SET State = ?, Source = ?, ReservedTokens = 0, InputTokens = ?, OutputTokens = ?, ChargedTokens = ?,
                    IsClamped = ?, Settlement = ?, SettledAt = ?
                WHERE Id = ? AND State = 0
                """);
            _checkpoint = Prepare("UPDATE Charges SET OutputTokens = ? WHERE Id = ? AND State = 0");
            _addToKey = Prepare(
                "UPDATE ApiKeys SET UsedTokens = UsedTokens + ?, LastUsedAt = max(coalesce(LastUsedAt, 0), ?) WHERE Id = ?");
            _addToAccount = Prepare("UPDATE Accounts SET UsedTokens = UsedTokens + ? WHERE Id = ?");
            _saveState = Prepare("UPDATE LedgerState SET Watermark = ?, OldestOpenId = ? WHERE Id = 1");
            RollUp = new RollUpStatements(_connection);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What the same transaction adds to the roll-up.</summary>
    public RollUpStatements RollUp { get; }

    public void Begin() => _begin.Run();

    public void Commit() => _commit.Run();

    public void Insert(in ChargeRow row) => _insert
        .With(row.Id).With(row.RequestId).With(row.KeyId).With(row.AccountId).With(row.GroupId).With(row.Model)
        .With(row.State).With(row.Source).With(row.RatioMillionths).With(row.ReservedTokens)
        .With(row.InputTokens).With(row.OutputTokens).With(row.ChargedTokens).With(row.IsClamped ? 1 : 0)
        .With(row.Settlement).With(row.StartedAt).With(row.SettledAt).Run();

    /// <summary>Ends a charge that is still running in the file.</summary>
    public void Settle(in ChargeRow row) => _settle
        .With(row.State).With(row.Source).With(row.InputTokens).With(row.OutputTokens).With(row.ChargedTokens)
        .With(row.IsClamped ? 1 : 0).With(row.Settlement).With(row.SettledAt).With(row.Id).Run();

    public void Checkpoint(long id, long outputTokens) => _checkpoint.With(outputTokens).With(id).Run();

    public void AddToKey(long id, long tokens, long lastUsedAt) => _addToKey.With(tokens).With(lastUsedAt).With(id).Run();

    public void AddToAccount(long id, long tokens) => _addToAccount.With(tokens).With(id).Run();

    public void SaveState(long watermark, long oldestOpenId) => _saveState.With(watermark).With(oldestOpenId).Run();

    /// <summary>What was begun and not committed is undone.</summary>
    public void Dispose()
    {
        foreach (var statement in _statements)
        {
            statement.Dispose();
        }

        RollUp?.Dispose();
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
