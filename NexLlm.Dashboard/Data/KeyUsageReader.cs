using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace NexLlm.Dashboard.Data;

/// <summary>Reads the usage of a few keys for one period after another, with one query per period.</summary>
internal sealed class KeyUsageReader : IDisposable
{
    private readonly SqliteStatement _statement;

    /// <param name="db">The context whose transaction is used.</param>
    /// <param name="keys">At least one key.</param>
    public KeyUsageReader(NexLlmDbContext db, IReadOnlyList<(long AccountId, long KeyId)> keys)
    {
        var rows = string.Join(", ", keys.Select((key, place) => string.Create(CultureInfo.InvariantCulture, $"({place}, {key.AccountId}, {key.KeyId})")));
        // A cross join fixes the join order: the keys first, then one seek per key.
        _statement = new SqliteStatement(
            (SqliteConnection)db.Database.GetDbConnection(),
            $"""
            SELECT {UsageSumsColumns.Names}, Asked.column1 FROM (VALUES {rows}) AS Asked CROSS JOIN KeyUsage
            WHERE Period = ? AND Start = ? AND AccountId = Asked.column2 AND KeyId = Asked.column3
            """);
    }

    /// <param name="period">The length of the period.</param>
    /// <param name="start">The start of the period.</param>
    /// <param name="sums">One entry per key, in the order of the keys.</param>
    public void Add(int period, long start, Span<UsageSums> sums)
    {
        _statement.Bind(period).Bind(start);
        while (_statement.Read())
        {
            sums[(int)_statement.Int64(4)] += _statement.Sums();
        }
    }

    public void Dispose() => _statement.Dispose();
}
