using Npgsql;
using NpgsqlTypes;

namespace NexLlm.Dashboard.Data.Postgres;

/// <inheritdoc cref="PostgresUsageReader"/>
internal sealed class PostgresKeyUsageReader(NpgsqlConnection connection, IReadOnlyList<(long AccountId, long KeyId)> keys) : IKeyUsageReader
{
    public void Read(IEnumerable<StoredPeriod> periods, UsageSink<int> sink)
    {
        using var query = new PeriodQuery(
            connection, periods,
            $"""
            SELECT p.slot, {PeriodQuery.Sums}, k.place
            FROM {PeriodQuery.Periods} CROSS JOIN unnest($4, $5) WITH ORDINALITY AS k(accountid, keyid, place)
            JOIN keyusage AS u ON u.period = p.minutes AND u.start = p.start AND u.accountid = k.accountid AND u.keyid = k.keyid
            GROUP BY p.slot, k.place
            """);
        query.Add(NpgsqlDbType.Array | NpgsqlDbType.Bigint, keys.Select(k => k.AccountId).ToArray());
        query.Add(NpgsqlDbType.Array | NpgsqlDbType.Bigint, keys.Select(k => k.KeyId).ToArray());
        query.Read(sink, row => (int)row.GetInt64(PeriodQuery.Subject) - 1);
    }

    public void Dispose()
    {
    }
}
