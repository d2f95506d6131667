using Microsoft.Data.Sqlite;

namespace NexLlm.Dashboard.Data.Sqlite;

/// <summary>Statistics need hundreds of periods, so each read is one seek of a prepared statement without sorting.</summary>
internal sealed class UsageFileReader : IUsageReader
{
    private const string Sums = UsageSumsColumns.Names;

    private readonly PreparedStatements _statements;
    private readonly SqliteStatement _models;
    private readonly SqliteStatement _keys;
    private readonly SqliteStatement _keysOfAccount;
    private readonly SqliteStatement _quarterOfKey;

    public UsageFileReader(SqliteConnection connection)
    {
        _statements = new PreparedStatements(connection);
        _models = _statements.Prepare($"SELECT {Sums}, Model FROM ModelUsage WHERE Period = ? AND Start = ? AND AccountId = ?");
        _keys = _statements.Prepare($"SELECT {Sums}, AccountId, KeyId FROM KeyUsage WHERE Period = ? AND Start = ?");
        _keysOfAccount = _statements.Prepare($"SELECT {Sums}, AccountId, KeyId FROM KeyUsage WHERE Period = ? AND Start = ? AND AccountId = ?");
        _quarterOfKey = _statements.Prepare($"SELECT {Sums}, Model FROM UsageQuarters WHERE Quarter = ? AND KeyId = ?");
    }

    public void ReadModels(IEnumerable<StoredPeriod> periods, long accountId, UsageSink<string> sink)
    {
        foreach (var period in periods)
        {
            _models.Bind(period.Minutes).Bind(period.Start).Bind(accountId);
            while (_models.Read())
            {
                sink(period.Slot, _models.String(4), _models.Sums());
            }
        }
    }

    public void ReadKeys(IEnumerable<StoredPeriod> periods, long? accountId, UsageSink<(long AccountId, long KeyId)> sink)
    {
        foreach (var period in periods)
        {
            var statement = accountId is { } account
                ? _keysOfAccount.Bind(period.Minutes).Bind(period.Start).Bind(account)
                : _keys.Bind(period.Minutes).Bind(period.Start);
            while (statement.Read())
            {
                sink(period.Slot, (statement.Int64(4), statement.Int64(5)), statement.Sums());
            }
        }
    }

    public void ReadModelsOfKey(IEnumerable<StoredPeriod> quarters, long keyId, UsageSink<string> sink)
    {
        foreach (var quarter in quarters)
        {
            _quarterOfKey.Bind(quarter.Start).Bind(keyId);
            while (_quarterOfKey.Read())
            {
                sink(quarter.Slot, _quarterOfKey.String(4), _quarterOfKey.Sums());
            }
        }
    }

    public void Dispose() => _statements.Dispose();
}
