using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace NexLlm.Dashboard.Data;

/// <summary>
/// Reads what one stretch of time used, by the roll-up's keys, in the caller's transaction. A statistic asks for hundreds of
/// stretches, so each is one seek of a prepared statement, and nothing is sorted.
/// </summary>
internal sealed class UsageReader : IDisposable
{
    internal const string Sums = "Requests, InputTokens, OutputTokens, ChargedTokens";

    private readonly SqliteConnection _connection;
    private readonly List<SqliteStatement> _statements = [];
    private readonly SqliteStatement _models;
    private readonly SqliteStatement _keys;
    private readonly SqliteStatement _keysOfAccount;
    private readonly SqliteStatement _quarterOfKey;

    public UsageReader(NexLlmDbContext db)
    {
        _connection = (SqliteConnection)db.Database.GetDbConnection();
        _models = Prepare($"SELECT {Sums}, Model FROM ModelUsage WHERE Period = ? AND Start = ? AND AccountId = ?");
        _keys = Prepare($"SELECT {Sums}, AccountId, KeyId FROM KeyUsage WHERE Period = ? AND Start = ?");
        _keysOfAccount = Prepare($"SELECT {Sums}, AccountId, KeyId FROM KeyUsage WHERE Period = ? AND Start = ? AND AccountId = ?");
        _quarterOfKey = Prepare($"SELECT {Sums}, Model FROM UsageQuarters WHERE Quarter = ? AND KeyId = ?");
    }

    /// <summary>Adds what the account used of each model.</summary>
    public void AddModels(int period, long start, long accountId, Dictionary<string, UsageSums> sums)
    {
        _models.With(period).With(start).With(accountId);
        while (_models.Read())
        {
            sums.AddTo(_models.Text(4), Row(_models));
        }
    }

    /// <summary>Adds what each key used; of one account, or of all if it is null.</summary>
    public void AddKeys(int period, long start, long? accountId, Dictionary<(long AccountId, long KeyId), UsageSums> sums)
    {
        var statement = accountId is { } account
            ? _keysOfAccount.With(period).With(start).With(account)
            : _keys.With(period).With(start);
        while (statement.Read())
        {
            sums.AddTo((statement.Number(4), statement.Number(5)), Row(statement));
        }
    }

    /// <summary>Adds what one key used of each model in a quarter of an hour.</summary>
    public void AddModelsOfKey(long quarter, long keyId, Dictionary<string, UsageSums> sums)
    {
        _quarterOfKey.With(quarter).With(keyId);
        while (_quarterOfKey.Read())
        {
            sums.AddTo(_quarterOfKey.Text(4), Row(_quarterOfKey));
        }
    }

    public void Dispose()
    {
        foreach (var statement in _statements)
        {
            statement.Dispose();
        }
    }

    internal static UsageSums Row(SqliteStatement row) => new(row.Number(0), row.Number(1), row.Number(2), row.Number(3));

    private SqliteStatement Prepare(string sql)
    {
        var statement = new SqliteStatement(_connection, sql);
        _statements.Add(statement);
        return statement;
    }
}
