using System.Globalization;
using Microsoft.Data.Sqlite;

namespace NexLlm.Dashboard.Data.Sqlite;

/// <summary>Runs one query per period.</summary>
internal sealed class KeyUsageFileReader : IKeyUsageReader
{
    private readonly SqliteStatement _statement;

    /// <param name="keys">At least one key.</param>
    public KeyUsageFileReader(SqliteConnection connection, IReadOnlyList<(long AccountId, long KeyId)> keys)
    {
        var rows = string.Join(", ", keys.Select((key, place) => string.Create(CultureInfo.InvariantCulture, $"({place}, {key.AccountId}, {key.KeyId})")));
        // A cross join fixes the join order: the keys first, then one seek per key.
        _statement = new SqliteStatement(
            connection,
            $"""
            SELECT {UsageSumsColumns.Names}, Asked.column1 FROM (VALUES {rows}) AS Asked CROSS JOIN KeyUsage
            WHERE Period = ? AND Start = ? AND AccountId = Asked.column2 AND KeyId = Asked.column3
            """);
    }

    public void Read(IEnumerable<StoredPeriod> periods, UsageSink<int> sink)
    {
        foreach (var period in periods)
        {
            _statement.Bind(period.Minutes).Bind(period.Start);
            while (_statement.Read())
            {
                sink(period.Slot, (int)_statement.Int64(4), _statement.Sums());
            }
        }
    }

    public void Dispose() => _statement.Dispose();
}
