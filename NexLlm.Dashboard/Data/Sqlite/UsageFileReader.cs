using Microsoft.Data.Sqlite;

namespace NexLlm.Dashboard.Data.Sqlite;

/// <summary>
/// Statistics need hundreds of periods, so each read is
/// one seek of a prepared statement without sorting.
/// </summary>
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

    public void AddModels(int period, long start, long accountId, Dictionary<string, UsageSums> sums)
    {
        _models.Bind(period).Bind(start).Bind(accountId);
        while (_models.Read())
        {
            sums.AddTo(_models.String(4), _models.Sums());
        }
    }

    public void AddKeys(int period, long start, long? accountId, Dictionary<(long AccountId, long KeyId), UsageSums> sums)
    {
        var statement = accountId is { } account
            ? _keysOfAccount.Bind(period).Bind(start).Bind(account)
            : _keys.Bind(period).Bind(start);
        while (statement.Read())
        {
            sums.AddTo((statement.Int64(4), statement.Int64(5)), statement.Sums());
        }
    }

    public void AddModelsOfKey(long quarter, long keyId, Dictionary<string, UsageSums> sums)
    {
        _quarterOfKey.Bind(quarter).Bind(keyId);
        while (_quarterOfKey.Read())
        {
            sums.AddTo(_quarterOfKey.String(4), _quarterOfKey.Sums());
        }
    }

    public void Dispose() => _statements.Dispose();
}
