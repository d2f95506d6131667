using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace NexLlm.Dashboard.Data;

/// <summary>Reads what a few keys used in one stretch of time after the other, all of them by one question each.</summary>
internal sealed class KeyUsageReader : IDisposable
{
    private readonly SqliteStatement _statement;

    /// <param name="db">Whose transaction it reads in.</param>
    /// <param name="keys">At least one.</param>
    public KeyUsageReader(NexLlmDbContext db, IReadOnlyList<(long AccountId, long KeyId)> keys)
    {
        var rows = string.Join(", ", keys.Select((key, place) => string.Create(CultureInfo.InvariantCulture, $"({place}, {key.AccountId}, {key.KeyId})")));
        // A cross join keeps the order: first the keys, then one seek for each.
        _statement = new SqliteStatement(
            (SqliteConnection)db.Database.GetDbConnection(),
            $"""
            SELECT {UsageSumsColumns.Names}, Asked.column1 FROM (VALUES {rows}) AS Asked CROSS JOIN KeyUsage
            WHERE Period = ? AND Start = ? AND AccountId = Asked.column2 AND KeyId = Asked.column3
            """);
    }

    /// <param name="period">How long the stretch is.</param>
    /// <param name="start">Where it begins.</param>
    /// <param name="sums">One for each key, in the order of the keys.</param>
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
