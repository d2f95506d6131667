using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace NexLlm.Dashboard.Data;

/// <summary>Adds to the tables that sum up the charges, on a connection whose transaction is the caller's.</summary>
internal sealed class RollUpStatements(SqliteConnection connection) : IDisposable
{
    private const string Sums = "Requests, InputTokens, OutputTokens, ChargedTokens";

    private const string AddSums =
        """
        Requests = Requests + excluded.Requests, InputTokens = InputTokens + excluded.InputTokens,
        OutputTokens = OutputTokens + excluded.OutputTokens, ChargedTokens = ChargedTokens + excluded.ChargedTokens
        """;

    private readonly SqliteStatement _addToQuarter = new(
        connection,
        $"""
        INSERT INTO UsageQuarters (Quarter, KeyId, GroupId, Model, AccountId, {Sums}, CountedRequests) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (Quarter, KeyId, GroupId, Model) DO UPDATE SET {AddSums}, CountedRequests = CountedRequests + excluded.CountedRequests
        """);

    private readonly SqliteStatement _addToModel = new(
        connection,
        $"""
        INSERT INTO ModelUsage (Period, Start, AccountId, Model, {Sums}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (Period, Start, AccountId, Model) DO UPDATE SET {AddSums}
        """);

    private readonly SqliteStatement _addToKey = new(
        connection,
        $"""
        INSERT INTO KeyUsage (Period, Start, AccountId, KeyId, {Sums}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (Period, Start, AccountId, KeyId) DO UPDATE SET {AddSums}
        """);

    /// <summary>In the transaction of this context.</summary>
    public static RollUpStatements In(NexLlmDbContext db) => new((SqliteConnection)db.Database.GetDbConnection());

    public void Add(in QuarterKey key, in UsageSums sums) =>
        With(_addToQuarter.With(key.Quarter).With(key.KeyId).With(key.GroupId).With(key.Model).With(key.AccountId), sums)
            .With(sums.CountedRequests).Run();

    public void Add(in ModelUsageKey key, in UsageSums sums) =>
        With(_addToModel.With(key.Period).With(key.Start).With(key.AccountId).With(key.Model), sums).Run();

    public void Add(in KeyUsageKey key, in UsageSums sums) =>
        With(_addToKey.With(key.Period).With(key.Start).With(key.AccountId).With(key.KeyId), sums).Run();

    public void Dispose()
    {
        _addToQuarter.Dispose();
        _addToModel.Dispose();
        _addToKey.Dispose();
    }

    private static SqliteStatement With(SqliteStatement statement, in UsageSums sums) =>
        statement.With(sums.Requests).With(sums.InputTokens).With(sums.OutputTokens).With(sums.ChargedTokens);
}
