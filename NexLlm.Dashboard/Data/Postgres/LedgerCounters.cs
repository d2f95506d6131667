using Npgsql;

namespace NexLlm.Dashboard.Data.Postgres;

/// <summary>What a batch adds to the counters, once.</summary>
internal sealed class LedgerCounters : IDisposable
{
    // Whether this transaction moved the watermark. If it didn't, an earlier attempt did, and has added everything.
    private const string HasMoved = "EXISTS (SELECT FROM ledgerstate WHERE id = 1 AND xmin = pg_current_xact_id()::xid)";

    private readonly NpgsqlBatchCommand _move = new("UPDATE ledgerstate SET watermark = $1, oldestopenid = $2 WHERE id = 1 AND watermark = $3");
    private readonly NpgsqlParameter<long> _to = new();
    private readonly NpgsqlParameter<long> _oldestOpenId = new();
    private readonly NpgsqlParameter<long> _from = new();
    private readonly NpgsqlBatchCommand _watermark = new("SELECT watermark FROM ledgerstate WHERE id = 1");
    private readonly Counters _accounts = new("accounts", "");
    private readonly Counters _keys = new("apikeys", ", lastusedat = greatest(coalesce(t.lastusedat, 0), r.lastusedat)");
    private readonly PostgresRollUpStore _rollUp = new(HasMoved);

    public LedgerCounters()
    {
        _move.Parameters.Add(_to);
        _move.Parameters.Add(_oldestOpenId);
        _move.Parameters.Add(_from);
    }

    public IRollUpStore RollUp => _rollUp;

    /// <summary>Whether the batch moves the watermark.</summary>
    public bool Moves { get; private set; }

    public IEnumerable<ArrayStatement> Statements => [.. _accounts.Statements, .. _keys.Statements, .. _rollUp.Statements];

    public void AddToAccount(long id, long tokens) => _accounts.Add(id, tokens, 0);

    public void AddToKey(long id, long tokens, long lastUsedAt) => _keys.Add(id, tokens, lastUsedAt);

    public void MoveWatermark(long from, long to, long oldestOpenId)
    {
        (_from.TypedValue, _to.TypedValue, _oldestOpenId.TypedValue) = (from, to, oldestOpenId);
        Moves = true;
    }

    public void AddTo(NpgsqlBatch batch)
    {
        batch.BatchCommands.Add(_move);
        foreach (var statement in Statements.Where(s => !s.IsEmpty))
        {
            batch.BatchCommands.Add(statement.Command);
        }

        // The last result of the batch.
        batch.BatchCommands.Add(_watermark);
    }

    /// <param name="watermark">The last result of the batch.</param>
    /// <exception cref="WatermarkMovedException">Nothing was added, now or before.</exception>
    public void Complete(long? watermark)
    {
        Moves = false;
        foreach (var statement in Statements)
        {
            statement.Clear();
        }

        if (watermark != _to.TypedValue)
        {
            throw new WatermarkMovedException(_from.TypedValue);
        }
    }

    public void Dispose() => _rollUp.Dispose();

    /// <summary>The counters of a table, locked in the order of their ids, so that two writers who do so can't deadlock.</summary>
    private sealed class Counters
    {
        private readonly ArrayStatement _lock;
        private readonly ArrayStatement _update;
        private readonly List<long> _lockId;
        private readonly List<long> _id;
        private readonly List<long> _tokens;
        private readonly List<long> _lastUsedAt;

        public Counters(string table, string more)
        {
            _lock = new ArrayStatement(
                $"SELECT count(*) FROM (SELECT FROM {table} WHERE id = ANY($1) AND {HasMoved} ORDER BY id FOR NO KEY UPDATE) AS locked");
            _lockId = _lock.Longs();
            _update = new ArrayStatement(
                $"""
                UPDATE {table} AS t SET usedtokens = t.usedtokens + r.tokens{more} FROM unnest($1, $2, $3) AS r(id, tokens, lastusedat)
                WHERE t.id = r.id AND {HasMoved}
                """);
            (_id, _tokens, _lastUsedAt) = (_update.Longs(), _update.Longs(), _update.Longs());
        }

        public IEnumerable<ArrayStatement> Statements => [_lock, _update];

        public void Add(long id, long tokens, long lastUsedAt)
        {
            _lockId.Add(id);
            _id.Add(id);
            _tokens.Add(tokens);
            _lastUsedAt.Add(lastUsedAt);
        }
    }
}
