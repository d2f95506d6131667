using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace NexLlm.Dashboard.Data;

/// <summary>
/// Reads the usage of one period from the roll-up tables, in the caller's transaction. Statistics need hundreds of periods, so each read is
/// one seek of a prepared statement without sorting.
/// </summary>
internal sealed class UsageReader : IDisposable
{
    private const string Sums = UsageSumsColumns.Names;

    private readonly PreparedStatements _statements;
    private readonly SqliteStatement _models;
    private readonly SqliteStatement _keys;
    private readonly SqliteStatement _keysOfAccount;
    private readonly SqliteStatement _quarterOfKey;

    public UsageReader(NexLlmDbContext db)
    {
        _statements = new PreparedStatements((SqliteConnection)db.Database.GetDbConnection());
        _models = _statements.Prepare($"SELECT {Sums}, Model FROM ModelUsage WHERE Period = ? AND Start = ? AND AccountId = ?");
        _keys = _statements.Prepare($"SELECT {Sums}, AccountId, KeyId FROM KeyUsage WHERE Period = ? AND Start = ?");
        _keysOfAccount = _statements.Prepare($"SELECT {Sums}, AccountId, KeyId FROM KeyUsage WHERE Period = ? AND Start = ? AND AccountId = ?");
        _quarterOfKey = _statements.Prepare($"SELECT {Sums}, Model FROM UsageQuarters WHERE Quarter = ? AND KeyId = ?");
    }

    /// <summary>Adds the account's usage of each model.</summary>
    public void AddModels(int period, long start, long accountId, Dictionary<string, UsageSums> sums)
    {
        _models.Bind(period).Bind(start).Bind(accountId);
        while (_models.Read())
        {
            sums.AddTo(_models.String(4), _models.Sums());
        }
    }

    /// <summary>Adds the usage of each key, for one account or for all if it is null.</summary>
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

    /// <summary>Adds one key's usage of each model in a quarter-hour.</summary>
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
