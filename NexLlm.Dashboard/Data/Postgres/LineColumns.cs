using System.Runtime.InteropServices;
using Npgsql;

namespace NexLlm.Dashboard.Data.Postgres;

/// <summary>
/// The statement that writes many log lines at once: an array for each column. The arrays are reused, because a second's lines are large
/// objects to the garbage collector.
/// </summary>
internal sealed class LineColumns
{
    private readonly IColumn[] _columns =
    [
        new Column<long>("bigint", static (in row) => row.Id),
        new Column<string>("text", static (in row) => row.RequestId),
        new Column<long?>("bigint", static (in row) => row.AccountId),
        new Column<long?>("bigint", static (in row) => row.KeyId),
        new Column<long?>("bigint", static (in row) => row.GroupId),
        new Column<long?>("bigint", static (in row) => row.ChannelId),
        new Column<string?>("text", static (in row) => StorableText.Of(row.Model)),
        new Column<long?>("bigint", static (in row) => row.Api),
        new Column<int>("integer", static (in row) => row.Status),
        new Column<string?>("text", static (in row) => row.Code),
        new Column<long>("bigint", static (in row) => row.InputTokens),
        new Column<long>("bigint", static (in row) => row.OutputTokens),
        new Column<long>("bigint", static (in row) => row.ChargedTokens),
        new Column<int>("integer", static (in row) => row.Source),
        new Column<long?>("bigint", static (in row) => row.FirstByteMs),
        new Column<long>("bigint", static (in row) => row.DurationMs),
        new Column<byte[]?>("bytea", static (in row) => row.Address?.GetAddressBytes()),
        new Column<long>("bigint", static (in row) => row.Requests),
        new Column<long?>("bigint", static (in row) => row.ChargeId),
        new Column<long?>("bigint", static (in row) => row.NeededTokens),
    ];

    private readonly string _sql;

    public LineColumns() => _sql =
        $"""
        WITH written AS (
            INSERT INTO log.lines AS line ({PostgresLogSchema.LineColumns})
            SELECT * FROM unnest({string.Join(", ", _columns.Select((column, i) => $"${i + 1}::{column.Type}[]"))})
            ON CONFLICT (id) DO UPDATE SET requests = line.requests + excluded.requests WHERE line.requestid = excluded.requestid
            RETURNING line.id)
        SELECT * FROM unnest($1::bigint[]) EXCEPT SELECT id FROM written
        """;

    private delegate T Value<T>(in LogRow row);

    private interface IColumn
    {
        string Type { get; }

        NpgsqlParameter Fill(ReadOnlySpan<LogRow> rows);
    }

    /// <summary>Inserts the rows or adds their requests to lines of the same request, and returns the IDs that belong to other requests.</summary>
    /// <param name="rows">No ID twice.</param>
    public NpgsqlBatchCommand Write(List<LogRow> rows)
    {
        var command = new NpgsqlBatchCommand(_sql);
        foreach (var column in _columns)
        {
            command.Parameters.Add(column.Fill(CollectionsMarshal.AsSpan(rows)));
        }

        return command;
    }

    private sealed class Column<T>(string type, Value<T> value) : IColumn
    {
        private readonly List<T> _values = [];

        public string Type => type;

        public NpgsqlParameter Fill(ReadOnlySpan<LogRow> rows)
        {
            _values.Clear();
            foreach (ref readonly var row in rows)
            {
                _values.Add(value(row));
            }

            return new NpgsqlParameter<List<T>> { TypedValue = _values };
        }
    }
}
