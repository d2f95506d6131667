using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace NexLlm.Dashboard.Data;

/// <summary>
/// Reads what one stretch of time used, by the roll-up's keys, in the caller's transaction. A statistic asks for hundreds of
/// stretches, so each is one seek of a prepared statement, and nothing is sorted.
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

    /// <summary>Adds what the account used of each model.</summary>
    public void AddModels(int period, long start, long accountId, Dictionary<string, UsageSums> sums)
    {
        _models.Bind(period).Bind(start).Bind(accountId);
        while (_models.Read())
        {
            sums.AddTo(_models.String(4), _models.Sums());
        }
    }

    /// <summary>Adds what each key used; of one account, or of all if it is null.</summary>
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

    /// <summary>Adds what one key used of each model in a quarter of an hour.</summary>
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
