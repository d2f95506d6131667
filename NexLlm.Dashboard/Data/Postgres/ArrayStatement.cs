using System.Collections;
using Npgsql;
using NpgsqlTypes;

namespace NexLlm.Dashboard.Data.Postgres;

/// <summary>A statement for any number of rows, which are sent as one array per column. It is filled, sent and cleared again and again.</summary>
/// <param name="sql">Takes the columns as $1, $2 and so on, in the order in which they were added.</param>
internal sealed class ArrayStatement(string sql)
{
    private readonly List<IList> _columns = [];

    public NpgsqlBatchCommand Command { get; } = new(sql);

    public bool IsEmpty => _columns[0].Count == 0;

    public List<long> Longs() => Column<long>(NpgsqlDbType.Bigint);

    public List<long?> OptionalLongs() => Column<long?>(NpgsqlDbType.Bigint);

    public List<int> Ints() => Column<int>(NpgsqlDbType.Integer);

    public List<bool> Booleans() => Column<bool>(NpgsqlDbType.Boolean);

    public List<string> Texts() => Column<string>(NpgsqlDbType.Text);

    public void Clear()
    {
        foreach (var column in _columns)
        {
            column.Clear();
        }
    }

    private List<T> Column<T>(NpgsqlDbType type)
    {
        var column = new List<T>();
        _columns.Add(column);
        Command.Parameters.Add(new NpgsqlParameter<List<T>> { TypedValue = column, NpgsqlDbType = NpgsqlDbType.Array | type });
        return column;
    }
}
