using Npgsql;
using NpgsqlTypes;

namespace NexLlm.Dashboard.Data.Postgres;

/// <summary>Reads all periods with one query, because round trips cost more than rows.</summary>
internal sealed class PostgresUsageReader(NpgsqlConnection connection) : IUsageReader
{
    public void ReadModels(IEnumerable<StoredPeriod> periods, long accountId, UsageSink<string> sink)
    {
        using var query = new PeriodQuery(
            connection, periods,
            $"""
            SELECT p.slot, {PeriodQuery.Sums}, u.model FROM {PeriodQuery.Periods} JOIN modelusage AS u ON u.period = p.minutes AND u.start = p.start
            WHERE u.accountid = $4 GROUP BY p.slot, u.model
            """);
        query.Add(NpgsqlDbType.Bigint, accountId);
        query.Read(sink, row => row.GetString(PeriodQuery.Subject));
    }

    public void ReadKeys(IEnumerable<StoredPeriod> periods, long? accountId, UsageSink<(long AccountId, long KeyId)> sink)
    {
        using var query = new PeriodQuery(
            connection, periods,
            $"""
            SELECT p.slot, {PeriodQuery.Sums}, u.accountid, u.keyid FROM {PeriodQuery.Periods} JOIN keyusage AS u ON u.period = p.minutes AND u.start = p.start
            {(accountId is null ? "" : "WHERE u.accountid = $4")} GROUP BY p.slot, u.accountid, u.keyid
            """);
        if (accountId is { } account)
        {
            query.Add(NpgsqlDbType.Bigint, account);
        }

        query.Read(sink, row => (row.GetInt64(PeriodQuery.Subject), row.GetInt64(PeriodQuery.Subject + 1)));
    }

    public void ReadModelsOfKey(IEnumerable<StoredPeriod> quarters, long keyId, UsageSink<string> sink)
    {
        using var query = new PeriodQuery(
            connection, quarters,
            $"""
            SELECT p.slot, {PeriodQuery.Sums}, u.model FROM {PeriodQuery.Periods} JOIN usagequarters AS u ON u.quarter = p.start
            WHERE u.keyid = $4 GROUP BY p.slot, u.model
            """);
        query.Add(NpgsqlDbType.Bigint, keyId);
        query.Read(sink, row => row.GetString(PeriodQuery.Subject));
    }

    public void Dispose()
    {
    }
}
