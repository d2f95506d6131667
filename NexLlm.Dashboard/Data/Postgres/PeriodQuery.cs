using Npgsql;
using NpgsqlTypes;

namespace NexLlm.Dashboard.Data.Postgres;

/// <summary>A query that adds up roll-up rows, called u in it, by the slots of periods, called p.</summary>
internal sealed class PeriodQuery : IDisposable
{
    public const string Periods = "unnest($1, $2, $3) AS p(slot, minutes, start)";

    /// <summary>The columns after the slot.</summary>
    public const string Sums = "sum(u.requests)::bigint, sum(u.inputtokens)::bigint, sum(u.outputtokens)::bigint, sum(u.chargedtokens)::bigint";

    /// <summary>The first column after the sums.</summary>
    public const int Subject = 5;

    private readonly NpgsqlCommand _command;

    public PeriodQuery(NpgsqlConnection connection, IEnumerable<StoredPeriod> periods, string sql)
    {
        var all = periods.ToList();
        _command = new NpgsqlCommand(sql, connection);
        Add(NpgsqlDbType.Array | NpgsqlDbType.Integer, all.ConvertAll(p => p.Slot));
        Add(NpgsqlDbType.Array | NpgsqlDbType.Integer, all.ConvertAll(p => p.Minutes));
        Add(NpgsqlDbType.Array | NpgsqlDbType.Bigint, all.ConvertAll(p => p.Start));
    }

    /// <summary>Adds the next parameter.</summary>
    public void Add<T>(NpgsqlDbType type, T value) => _command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value, NpgsqlDbType = type });

    public void Read<T>(UsageSink<T> sink, Func<NpgsqlDataReader, T> subject)
    {
        using var row = _command.ExecuteReader();
        while (row.Read())
        {
            sink(row.GetInt32(0), subject(row), new UsageSums(row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4)));
        }
    }

    public void Dispose() => _command.Dispose();
}
