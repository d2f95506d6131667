using Microsoft.Data.Sqlite;

namespace NexLlm.Dashboard.Data.Sqlite;

/// <summary>The ledger's prepared statements.</summary>
internal sealed class LedgerFile : WriterConnection, ILedgerStore
{
    // Relevant only when another process writes. Kept short because requests wait that long as well.
    private const int BusyMilliseconds = 500;

    // Checkpoints delay requests, so they are rare. At SQLite's default of 1,000 pages they would show up in the 99th percentile.
    private const int CheckpointPages = 10_000;

    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _settle;
    private readonly SqliteStatement _checkpoint;
    private readonly SqliteStatement _addToKey;
    private readonly SqliteStatement _addToAccount;
    private readonly SqliteStatement _moveWatermark;
    private readonly RollUpStatements _rollUp;

    /// <exception cref="SqliteException">The file couldn't be opened.</exception>
    public LedgerFile(SqliteOptions options, WriteGate gate)
        : base(options.ConnectionString, gate)
    {
        try
        {
            Open($"PRAGMA synchronous={options.Synchronous}; PRAGMA busy_timeout={BusyMilliseconds}; PRAGMA wal_autocheckpoint={CheckpointPages};");
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
            _moveWatermark = Prepare("UPDATE LedgerState SET Watermark = ?, OldestOpenId = ? WHERE Id = 1 AND Watermark = ?");
            _rollUp = new RollUpStatements(Statements);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public IRollUpStore RollUp => _rollUp;

    public void Insert(in ChargeRow row) => _insert
        .Bind(row.Id).Bind(row.RequestId).Bind(row.KeyId).Bind(row.AccountId).Bind(row.GroupId).Bind(row.Model)
        .Bind(row.State).Bind(row.Source).Bind(row.RatioMillionths).Bind(row.ReservedTokens)
        .Bind(row.InputTokens).Bind(row.OutputTokens).Bind(row.ChargedTokens).Bind(row.IsClamped ? 1 : 0)
        .Bind(row.Settlement).Bind(row.StartedAt).Bind(row.SettledAt).Execute();

    public void Settle(in ChargeRow row) => _settle
        .Bind(row.State).Bind(row.Source).Bind(row.InputTokens).Bind(row.OutputTokens).Bind(row.ChargedTokens)
        .Bind(row.IsClamped ? 1 : 0).Bind(row.Settlement).Bind(row.SettledAt).Bind(row.Id).Execute();

    public void Checkpoint(long id, long outputTokens) => _checkpoint.Bind(outputTokens).Bind(id).Execute();

    public void AddToKey(long id, long tokens, long lastUsedAt) => _addToKey.Bind(tokens).Bind(lastUsedAt).Bind(id).Execute();

    public void AddToAccount(long id, long tokens) => _addToAccount.Bind(tokens).Bind(id).Execute();

    /// <inheritdoc/>
    /// <remarks>A commit to a file succeeds or fails, so no earlier attempt can have applied it.</remarks>
    public void MoveWatermark(long from, long to, long oldestOpenId)
    {
        _moveWatermark.Bind(to).Bind(oldestOpenId).Bind(from).Execute();
        if (_moveWatermark.Changes == 0)
        {
            throw new WatermarkMovedException(from);
        }
    }
}
