using Npgsql;

namespace NexLlm.Dashboard.Data.Postgres;

/// <summary>The request log's writes. They are collected and sent in one round trip before the commit, or before a read that has to see them.</summary>
internal sealed class PostgresLogStore : ILogStore
{
    private readonly NpgsqlConnection _connection;
    private readonly LineBuffer _lines = new();
    private readonly Dictionary<RefusalKey, long> _refusals = [];
    private NpgsqlTransaction? _transaction;
    private LogBatchName? _name;
    private long? _chargesBelow;
    private bool _isStored;

    // No line has a smaller ID. A search for the oldest line that began at the lowest possible ID would pass all deleted ones until they are vacuumed.
    private long _oldest = long.MinValue;

    /// <summary>Creates the tables if they don't exist.</summary>
    /// <exception cref="NpgsqlException">The tables couldn't be opened.</exception>
    /// <exception cref="StartRefusedException">The tables were created by a later version of the application.</exception>
    public PostgresLogStore(NpgsqlDataSource source)
    {
        _connection = source.OpenConnection();
        try
        {
            PostgresLogSchema.Prepare(_connection);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public long ChargesBelow
    {
        get => _chargesBelow ?? Scalar("SELECT chargesbelow FROM log.state") ?? 0;
        set => _chargesBelow = value;
    }

    public void Begin() => _transaction = _connection.BeginTransaction();

    public void Name(in LogBatchName name) => _name = name;

    public void Add(in LogRow row)
    {
        _lines.Add(row);
        _oldest = Math.Min(_oldest, row.Id);
    }

    public void AddRefusals(in RefusalKey key, long requests) => _refusals[key] = _refusals.GetValueOrDefault(key) + requests;

    public long? LastId(long below)
    {
        Flush();
        return Scalar("SELECT max(id) FROM log.lines WHERE id < $1", below);
    }

    public bool Contains(long id, string requestId)
    {
        if (_lines.Contains(requestId))
        {
            Flush();
        }

        return Scalar("SELECT id FROM log.lines WHERE id BETWEEN $1 AND $2 AND requestid = $3 LIMIT 1", id, id + LogRow.Reach, requestId) is not null;
    }

    public bool DeleteOldest(long before, int most)
    {
        Flush();
        // With its end known, the planner deletes the range by the primary key.
        var last = Scalar(
            "SELECT max(id) FROM (SELECT id FROM log.lines WHERE id >= $1 AND id < $2 ORDER BY id LIMIT $3) AS old", _oldest, before, most + 1);
        if (last is null)
        {
            _oldest = Math.Max(_oldest, before);
            return false;
        }

        Send(new NpgsqlBatchCommand("DELETE FROM log.lines WHERE id BETWEEN $1 AND $2") { Parameters = { Number(_oldest), Number(last.Value) } });
        _oldest = last.Value + 1;
        return Scalar("SELECT id FROM log.lines WHERE id >= $1 AND id < $2 LIMIT 1", _oldest, before) is not null;
    }

    public void DeleteRefusals(long quarter)
    {
        Flush();
        Send(new NpgsqlBatchCommand("DELETE FROM log.refusals WHERE quarter < $1") { Parameters = { Number(quarter) } });
    }

    /// <summary>Does nothing: the server's autovacuum reuses the space.</summary>
    public void Shrink()
    {
    }

    public void Commit()
    {
        Flush();
        try
        {
            if (_isStored)
            {
                _transaction!.Rollback();
            }
            else
            {
                _transaction!.Commit();
            }
        }
        catch (Exception e) when (e is not PostgresException { InvariantSeverity: "ERROR" })
        {
            throw new CommitUnknownException(e);
        }

        _transaction.Dispose();
        (_transaction, _isStored) = (null, false);
    }

    /// <summary>Rolls back an uncommitted transaction. Doesn't throw if the connection is broken, as disposing the transaction could.</summary>
    public void Dispose() => _connection.Dispose();

    private void Flush()
    {
        var claim = _name is { } name ? Claim(name) : null;
        List<NpgsqlBatchCommand> commands = claim is null ? [] : [claim];
        if (_refusals.Count > 0)
        {
            commands.Add(WriteRefusals());
        }

        if (_chargesBelow is { } below)
        {
            commands.Add(new("UPDATE log.state SET chargesbelow = $1") { Parameters = { Number(below) } });
        }

        if (!_lines.IsEmpty)
        {
            commands.Add(_lines.Write());
        }

        if (commands.Count == 0)
        {
            return;
        }

        _lines.Keep(Send([.. commands]));
        // If the first attempt is still running on the server, the claim has waited for its end.
        _isStored |= claim?.RecordsAffected == 0;
        (_name, _chargesBelow) = (null, null);
        _refusals.Clear();
        while (!_lines.IsEmpty)
        {
            _lines.Keep(Send(_lines.Write()));
        }
    }

    /// <summary>Affects no row if the batch is stored already. Batches of a writer follow each other, so the last number says enough.</summary>
    private static NpgsqlBatchCommand Claim(LogBatchName name) => new(
        """
        INSERT INTO log.batches AS batch (writer, number) VALUES ($1, $2)
        ON CONFLICT (writer) DO UPDATE SET number = excluded.number, writtenat = excluded.writtenat WHERE batch.number < excluded.number
        """)
    {
        Parameters = { new NpgsqlParameter<Guid> { TypedValue = name.Writer }, Number(name.Number) },
    };

    private NpgsqlBatchCommand WriteRefusals() => new(
        """
        INSERT INTO log.refusals AS refusal (quarter, accountid, keyid, code, requests)
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::bigint[])
        ON CONFLICT (quarter, accountid, keyid, code) DO UPDATE SET requests = refusal.requests + excluded.requests
        """)
    {
        Parameters =
        {
            Numbers(key => key.Quarter), Numbers(key => key.AccountId), Numbers(key => key.KeyId),
            new NpgsqlParameter<string[]> { TypedValue = [.. _refusals.Keys.Select(key => key.Code)] }, Numbers(key => _refusals[key]),
        },
    };

    private NpgsqlParameter<long[]> Numbers(Func<RefusalKey, long> value) => new() { TypedValue = [.. _refusals.Keys.Select(value)] };

    private static NpgsqlParameter<long> Number(long value) => new() { TypedValue = value };

    /// <summary>The log may lose the last moments when the server's machine fails; its charges are recovered from the ledger.</summary>
    /// <returns>The numbers that the commands select.</returns>
    private List<long> Send(params ReadOnlySpan<NpgsqlBatchCommand> commands)
    {
        using var batch = new NpgsqlBatch(_connection, _transaction) { BatchCommands = { new("SET LOCAL synchronous_commit = off") } };
        foreach (var command in commands)
        {
            batch.BatchCommands.Add(command);
        }

        using var reader = batch.ExecuteReader();
        var selected = new List<long>();
        do
        {
            while (reader.Read())
            {
                selected.Add(reader.GetInt64(0));
            }
        }
        while (reader.NextResult());

        return selected;
    }

    private long? Scalar(string sql, params ReadOnlySpan<object> values)
    {
        using var command = new NpgsqlCommand(sql, _connection, _transaction);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command.ExecuteScalar() as long?;
    }
}
