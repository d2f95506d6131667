using System.Net;
using System.Text;
using Npgsql;

namespace NexLlm.Dashboard.Data.Postgres;

/// <summary>Reads the request log in short steps, each with a connection of the pool, so that a long export doesn't occupy one.</summary>
internal sealed class PostgresLogReader(NpgsqlDataSource source) : ILogReader
{
    private const string Columns = PostgresLogSchema.LineColumns;
    private const string OfAccount = "(accountid, id) >= ((SELECT @account), @from) AND (accountid, id) < ((SELECT @account), @before)";

    public LogRow? Find(long id, string requestId)
    {
        using var command = source.CreateCommand($"SELECT {Columns} FROM log.lines WHERE id BETWEEN @id AND @last AND requestid = @request LIMIT 1");
        command.Parameters.AddWithValue("id", id);
        command.Parameters.AddWithValue("last", id + LogRow.Reach);
        command.Parameters.AddWithValue("request", StorableText.Of(requestId)!);
        return Rows(command, most: 1) is [var row] ? row : null;
    }

    public List<LogRow> Read(LogFilter filter, long from, long before, int most, LogOrder order)
    {
        using var command = Ranged(
            $"SELECT {Columns} FROM log.lines WHERE {Range(filter)} {Conditions(filter)} ORDER BY {Order(filter, order)} LIMIT @most", from, before, filter);
        command.Parameters.AddWithValue("most", most);
        return Rows(command, most);
    }

    public long? StepEnd(LogFilter filter, long from, long before, int lines, LogOrder order)
    {
        using var command = Ranged(
            $"SELECT id FROM log.lines WHERE {Range(filter)} ORDER BY {Order(filter, order)} LIMIT 1 OFFSET (SELECT @lines)", from, before, filter);
        command.Parameters.AddWithValue("lines", lines);
        return command.ExecuteScalar() as long?;
    }

    public List<(string Code, long Requests)> Refusals(long fromQuarter, long beforeQuarter, long? accountId, long? keyId)
    {
        using var command = OfRefusals("code", fromQuarter, beforeQuarter, accountId, keyId);
        using var reader = command.ExecuteReader();
        var counts = new List<(string, long)>();
        while (reader.Read())
        {
            counts.Add((reader.GetString(0), reader.GetInt64(1)));
        }

        return counts;
    }

    public List<(long Quarter, long Requests)> RefusalsByQuarter(long fromQuarter, long beforeQuarter, long? accountId)
    {
        using var command = OfRefusals("quarter", fromQuarter, beforeQuarter, accountId, keyId: null);
        using var reader = command.ExecuteReader();
        var counts = new List<(long, long)>();
        while (reader.Read())
        {
            counts.Add((reader.GetInt64(0), reader.GetInt64(1)));
        }

        return counts;
    }

    public List<long> FirstBytes(LogFilter filter, long from, long before, int lines)
    {
        using var command = Ranged(
            $"""
            SELECT firstbytems
            FROM (SELECT status, firstbytems FROM log.lines WHERE {Range(filter)} ORDER BY {Order(filter, LogOrder.NewestFirst)} LIMIT @lines) AS newest
            WHERE status BETWEEN 1 AND {LogFilter.FirstFailure - 1} AND firstbytems IS NOT NULL
            """,
            from,
            before,
            filter);
        command.Parameters.AddWithValue("lines", lines);
        using var reader = command.ExecuteReader();
        var found = new List<long>();
        while (reader.Read())
        {
            found.Add(reader.GetInt64(0));
        }

        return found;
    }

    /// <summary>Does nothing: every query returns its connection.</summary>
    public void Dispose()
    {
    }

    /// <summary>
    /// The range in the index with the fewest lines to scan. Only an index of accounts has the order of account and ID. If the planner knew the
    /// account, as it would outside of a subquery, it would now and then scan everybody's lines, or sort all of the account's.
    /// </summary>
    private static string Range(LogFilter filter) => filter switch
    {
        { AccountId: null } => "id >= @from AND id < @before",
        { IsOfFailures: true } => $"{OfAccount} AND status >= 400",
        _ => OfAccount,
    };

    private static string Order(LogFilter filter, LogOrder order)
    {
        var direction = order is LogOrder.NewestFirst ? "DESC" : "ASC";
        return filter.AccountId is null ? $"id {direction}" : $"accountid {direction}, id {direction}";
    }

    /// <summary>The conditions apart from the range, which contains the account.</summary>
    private static string Conditions(LogFilter filter)
    {
        var sql = new StringBuilder();
        sql.Append(filter.KeyId is null ? "" : " AND keyid = @key");
        sql.Append(filter.GroupId is null ? "" : " AND groupid = @group");
        sql.Append(filter.Model is null ? "" : " AND model = @model");
        sql.Append(filter.Code is null ? "" : " AND code = @code");
        sql.Append(filter.Status is null ? "" : " AND status = @status");
        sql.Append(filter.IsFailed switch { null => "", true => " AND status >= 400", false => " AND status < 400" });
        return sql.ToString();
    }

    private NpgsqlCommand Ranged(string sql, long from, long before, LogFilter filter)
    {
        var command = source.CreateCommand(sql);
        command.Parameters.AddWithValue("from", from);
        command.Parameters.AddWithValue("before", before);
        AddKnown(
            command, ("account", filter.AccountId), ("key", filter.KeyId), ("group", filter.GroupId), ("model", StorableText.Of(filter.Model)),
            ("code", StorableText.Of(filter.Code)), ("status", filter.Status));
        return command;
    }

    private NpgsqlCommand OfRefusals(string column, long fromQuarter, long beforeQuarter, long? accountId, long? keyId)
    {
        var command = source.CreateCommand(
            $"""
            SELECT {column}, sum(requests)::bigint FROM log.refusals
            WHERE quarter >= @from AND quarter < @before {(accountId is null ? "" : "AND accountid = @account")} {(keyId is null ? "" : "AND keyid = @key")}
            GROUP BY {column} ORDER BY 2 DESC, 1
            """);
        command.Parameters.AddWithValue("from", fromQuarter);
        command.Parameters.AddWithValue("before", beforeQuarter);
        AddKnown(command, ("account", accountId), ("key", keyId));
        return command;
    }

    private static void AddKnown(NpgsqlCommand command, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        foreach (var (name, value) in parameters)
        {
            if (value is not null)
            {
                command.Parameters.AddWithValue(name, value);
            }
        }
    }

    private static List<LogRow> Rows(NpgsqlCommand command, int most)
    {
        using var reader = command.ExecuteReader();
        var rows = new List<LogRow>(most);
        while (reader.Read())
        {
            rows.Add(new LogRow(
                reader.GetInt64(0), reader.GetString(1), Number(reader, 2), Number(reader, 3), Number(reader, 4), Number(reader, 5), Text(reader, 6),
                Number(reader, 7), reader.GetInt32(8), Text(reader, 9), reader.GetInt64(10), reader.GetInt64(11), reader.GetInt64(12),
                reader.GetInt32(13), Number(reader, 14), reader.GetInt64(15),
                reader.IsDBNull(16) ? null : new IPAddress(reader.GetFieldValue<byte[]>(16)), reader.GetInt64(17), Number(reader, 18), Number(reader, 19)));
        }

        return rows;
    }

    private static long? Number(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
