using System.Net;
using System.Text;
using Microsoft.Data.Sqlite;

namespace NexLlm.Dashboard.Data.Sqlite;

/// <summary>Reads the request log in short steps, so that no read blocks the checkpoint of the write-ahead log for long. Not thread-safe.</summary>
internal sealed class LogFileReader : ILogReader
{
    private const string Columns = LogSchema.LineColumns;

    private readonly SqliteConnection _connection;

    /// <exception cref="SqliteException">The file doesn't exist.</exception>
    public LogFileReader(string path)
    {
        _connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ConnectionString);
        try
        {
            _connection.Open();
            using var command = _connection.CreateCommand();
            command.CommandText = "PRAGMA query_only=ON; PRAGMA busy_timeout=500;";
            command.ExecuteNonQuery();
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    public LogRow? Find(long id, string requestId)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = $"SELECT {Columns} FROM Lines WHERE Id BETWEEN $id AND $last AND RequestId = $request LIMIT 1";
        command.Parameters.AddWithValue("$id", id);
        command.Parameters.AddWithValue("$last", id + LogRow.Reach);
        command.Parameters.AddWithValue("$request", requestId);
        return Rows(command, most: 1) is [var row] ? row : null;
    }

    public List<LogRow> Read(LogFilter filter, long from, long before, int most, LogOrder order)
    {
        var (index, indexed) = IndexFor(filter);
        using var command = Ranged(from, before, filter);
        command.CommandText =
            $"SELECT {Columns} FROM Lines {index} WHERE {indexed} Id >= $from AND Id < $before {Conditions(filter)} ORDER BY Id {Direction(order)} LIMIT $most";
        command.Parameters.AddWithValue("$most", most);
        return Rows(command, most);
    }

    public long? StepEnd(LogFilter filter, long from, long before, int lines, LogOrder order)
    {
        var (index, indexed) = IndexFor(filter);
        using var command = Ranged(from, before, filter);
        command.CommandText = $"SELECT Id FROM Lines {index} WHERE {indexed} Id >= $from AND Id < $before ORDER BY Id {Direction(order)} LIMIT 1 OFFSET $lines";
        command.Parameters.AddWithValue("$lines", lines);
        return command.ExecuteScalar() as long?;
    }

    public List<(string Code, long Requests)> Refusals(long fromQuarter, long beforeQuarter, long? accountId, long? keyId)
    {
        using var command = _connection.CreateCommand();
        command.CommandText =
            """
            SELECT Code, sum(Requests) FROM Refusals
            WHERE Quarter >= $from AND Quarter < $before AND ($account IS NULL OR AccountId = $account) AND ($key IS NULL OR KeyId = $key)
            GROUP BY Code ORDER BY 2 DESC, 1
            """;
        command.Parameters.AddWithValue("$from", fromQuarter);
        command.Parameters.AddWithValue("$before", beforeQuarter);
        command.Parameters.AddWithValue("$account", (object?)accountId ?? DBNull.Value);
        command.Parameters.AddWithValue("$key", (object?)keyId ?? DBNull.Value);
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
        using var command = _connection.CreateCommand();
        command.CommandText =
            """
            SELECT Quarter, sum(Requests) FROM Refusals
            WHERE Quarter >= $from AND Quarter < $before AND ($account IS NULL OR AccountId = $account)
            GROUP BY Quarter
            """;
        command.Parameters.AddWithValue("$from", fromQuarter);
        command.Parameters.AddWithValue("$before", beforeQuarter);
        command.Parameters.AddWithValue("$account", (object?)accountId ?? DBNull.Value);
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
        var (index, indexed) = IndexFor(filter);
        using var command = Ranged(from, before, filter);
        command.CommandText =
            $"""
            SELECT FirstByteMs FROM (SELECT Status, FirstByteMs FROM Lines {index} WHERE {indexed} Id >= $from AND Id < $before ORDER BY Id DESC LIMIT $lines)
            WHERE Status BETWEEN 1 AND {LogFilter.FirstFailure - 1} AND FirstByteMs IS NOT NULL
            """;
        command.Parameters.AddWithValue("$lines", lines);
        using var reader = command.ExecuteReader();
        var found = new List<long>();
        while (reader.Read())
        {
            found.Add(reader.GetInt64(0));
        }

        return found;
    }

    public void Dispose() => _connection.Dispose();

    /// <summary>Chooses the index with the fewest lines to scan. SQLite's own choice would vary with its statistics.</summary>
    private static (string Index, string Condition) IndexFor(LogFilter filter) => filter switch
    {
        { AccountId: not null, IsOfFailures: true } => ("INDEXED BY IX_Lines_Failed", "AccountId = $account AND Status >= 400 AND"),
        { AccountId: not null } => ("INDEXED BY IX_Lines_Account", "AccountId = $account AND"),
        _ => ("NOT INDEXED", ""),
    };

    private static string Direction(LogOrder order) => order is LogOrder.NewestFirst ? "DESC" : "ASC";

    private static string Conditions(LogFilter filter)
    {
        var sql = new StringBuilder();
        sql.Append(filter.AccountId is null ? "" : " AND AccountId = $account");
        sql.Append(filter.KeyId is null ? "" : " AND KeyId = $key");
        sql.Append(filter.GroupId is null ? "" : " AND GroupId = $group");
        sql.Append(filter.Model is null ? "" : " AND Model = $model");
        sql.Append(filter.Code is null ? "" : " AND Code = $code");
        sql.Append(filter.Status is null ? "" : " AND Status = $status");
        sql.Append(filter.IsFailed switch { null => "", true => " AND Status >= 400", false => " AND Status < 400" });
        return sql.ToString();
    }

    private SqliteCommand Ranged(long from, long before, LogFilter filter)
    {
        var command = _connection.CreateCommand();
        command.Parameters.AddWithValue("$from", from);
        command.Parameters.AddWithValue("$before", before);
        foreach (var (name, value) in new (string, object?)[]
        {
            ("$account", filter.AccountId), ("$key", filter.KeyId), ("$group", filter.GroupId), ("$model", filter.Model), ("$code", filter.Code),
            ("$status", filter.Status),
        })
        {
            if (value is not null)
            {
                command.Parameters.AddWithValue(name, value);
            }
        }

        return command;
    }

    private static List<LogRow> Rows(SqliteCommand command, int most)
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

    private static long? Number(SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);

    private static string? Text(SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
