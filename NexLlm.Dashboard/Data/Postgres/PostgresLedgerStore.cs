using Npgsql;

namespace NexLlm.Dashboard.Data.Postgres;

/// <summary>Collects a batch in memory and sends it in one round trip. Its statements form one implicit transaction.</summary>
internal sealed class PostgresLedgerStore : ILedgerStore
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlBatch _batch;
    private readonly LedgerCharges _charges = new();
    private readonly LedgerCounters _counters = new();

    /// <exception cref="NpgsqlException">The server can't be reached, or another connection writes to this ledger.</exception>
    public PostgresLedgerStore(NpgsqlDataSource source)
    {
        _connection = LedgerConnection.Open(source);
        _batch = new NpgsqlBatch(_connection) { Timeout = LedgerConnection.Timeout };
    }

    public IRollUpStore RollUp => _counters.RollUp;

    public void Begin()
    {
    }

    public void Insert(in ChargeRow row) => _charges.Write(row);

    public void Settle(in ChargeRow row) => _charges.Write(row);

    public void Checkpoint(long id, long outputTokens) => _charges.Checkpoint(id, outputTokens);

    public void AddToKey(long id, long tokens, long lastUsedAt) => _counters.AddToKey(id, tokens, lastUsedAt);

    public void AddToAccount(long id, long tokens) => _counters.AddToAccount(id, tokens);

    public void MoveWatermark(long from, long to, long oldestOpenId) => _counters.MoveWatermark(from, to, oldestOpenId);

    public void Commit()
    {
        _batch.BatchCommands.Clear();
        foreach (var statement in _charges.Statements.Where(s => !s.IsEmpty))
        {
            _batch.BatchCommands.Add(statement.Command);
        }

        if (_counters.Moves)
        {
            _counters.AddTo(_batch);
        }

        if (_batch.BatchCommands.Count == 0)
        {
            return;
        }

        // A round trip only for what this connection hasn't prepared yet. If that fails, nothing was sent.
        _batch.Prepare();
        var lastResult = Send();
        foreach (var statement in _charges.Statements)
        {
            statement.Clear();
        }

        if (_counters.Moves)
        {
            _counters.Complete(lastResult);
        }
    }

    public void Dispose()
    {
        _counters.Dispose();
        _batch.Dispose();
        LedgerConnection.Close(_connection);
    }

    /// <returns>The number in the last result; null if no statement returned one.</returns>
    private long? Send()
    {
        try
        {
            long? last = null;
            using var reader = _batch.ExecuteReader();
            do
            {
                while (reader.Read())
                {
                    last = reader.GetInt64(0);
                }
            }
            while (reader.NextResult());

            return last;
        }
        catch (Exception e) when (!IsRolledBack(e))
        {
            throw new CommitUnknownException(e);
        }
    }

    /// <summary>
    /// Whether the server said that the transaction failed. It ends connections with an error too, when it shuts down or has crashed, and then
    /// that may have come between the commit and its answer.
    /// </summary>
    private static bool IsRolledBack(Exception error) =>
        error is PostgresException { SqlState: var code }
        && code is not (PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow)
        && !code.StartsWith("08", StringComparison.Ordinal);
}
