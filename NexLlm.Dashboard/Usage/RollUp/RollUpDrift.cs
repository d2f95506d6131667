using System.Globalization;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Usage.RollUp;

/// <summary>Finds the coarser sums that don't match their quarter-hours. Both are kept forever, so all of them are compared.</summary>
internal static class RollUpDrift
{
    /// <summary>Returns a sentence per mismatch, on the caller's snapshot.</summary>
    public static async Task<IReadOnlyList<string>> FindAsync(NexLlmDbContext db, int most, CancellationToken cancellation) =>
        [.. await ModelsAsync(db, most, cancellation), .. await KeysAsync(db, most, cancellation)];

    private static async Task<IEnumerable<string>> ModelsAsync(NexLlmDbContext db, int most, CancellationToken cancellation)
    {
        var p = Minutes(ModelUsage.Periods);
        var found = await db.Database.SqlQuery<ModelDrift>(
            $"""
            WITH Found AS (
                SELECT Quarter, AccountId, Model, sum(Requests) AS Requests, sum(InputTokens) AS InputTokens,
                    sum(OutputTokens) AS OutputTokens, sum(ChargedTokens) AS ChargedTokens
                FROM UsageQuarters GROUP BY Quarter, AccountId, Model)
            SELECT Period, Start, AccountId, Model, CAST(sum(Requests) AS bigint) AS Requests, CAST(sum(ChargedTokens) AS bigint) AS Tokens FROM (
                SELECT Period, Start, AccountId, Model, Requests, InputTokens, OutputTokens, ChargedTokens FROM ModelUsage
                UNION ALL
                SELECT p.column1, Quarter - Quarter % (p.column1 * 60000), CASE own.column1 WHEN 0 THEN {ModelUsage.Everybody} ELSE AccountId END,
                    Model, -Requests, -InputTokens, -OutputTokens, -ChargedTokens
                FROM Found, (VALUES ({p[0]}), ({p[1]}), ({p[2]})) AS p, (VALUES (0), (1)) AS own) AS Compared
            GROUP BY Period, Start, AccountId, Model
            HAVING sum(Requests) <> 0 OR sum(InputTokens) <> 0 OR sum(OutputTokens) <> 0 OR sum(ChargedTokens) <> 0
            ORDER BY Period, Start LIMIT {most}
            """).ToListAsync(cancellation);
        return found.Select(d => Sentence(d.AccountId == ModelUsage.Everybody ? "All accounts" : $"Account {d.AccountId}", $" of {d.Model}", d.Period, d.Start, d.Tokens, d.Requests));
    }

    private static async Task<IEnumerable<string>> KeysAsync(NexLlmDbContext db, int most, CancellationToken cancellation)
    {
        var p = Minutes(KeyUsage.Periods);
        var found = await db.Database.SqlQuery<KeyDrift>(
            $"""
            SELECT Period, Start, KeyId, CAST(sum(Requests) AS bigint) AS Requests, CAST(sum(ChargedTokens) AS bigint) AS Tokens FROM (
                SELECT Period, Start, AccountId, KeyId, Requests, InputTokens, OutputTokens, ChargedTokens FROM KeyUsage
                UNION ALL
                SELECT p.column1, Quarter - Quarter % (p.column1 * 60000), AccountId, KeyId, -Requests, -InputTokens, -OutputTokens, -ChargedTokens
                FROM UsageQuarters, (VALUES ({p[0]}), ({p[1]}), ({p[2]}), ({p[3]})) AS p) AS Compared
            GROUP BY Period, Start, AccountId, KeyId
            HAVING sum(Requests) <> 0 OR sum(InputTokens) <> 0 OR sum(OutputTokens) <> 0 OR sum(ChargedTokens) <> 0
            ORDER BY Period, Start LIMIT {most}
            """).ToListAsync(cancellation);
        return found.Select(d => Sentence($"Key {d.KeyId}", "", d.Period, d.Start, d.Tokens, d.Requests));
    }

    private static long[] Minutes(IEnumerable<UsagePeriod> periods) => [.. periods.Select(p => (long)p)];

    private static string Sentence(string whose, string of, long minutes, long start, long tokens, long requests) => string.Create(
        CultureInfo.InvariantCulture,
        $"{whose}, {minutes} minutes from {DateTimeOffset.FromUnixTimeMilliseconds(start):yyyy-MM-dd HH:mm} UTC: the rollup{of} differs from its quarter-hour rollups by {tokens:+#;-#;0} charged tokens and {requests:+#;-#;0} requests.");

    private sealed record ModelDrift(long Period, long Start, long AccountId, string Model, long Requests, long Tokens);

    private sealed record KeyDrift(long Period, long Start, long KeyId, long Requests, long Tokens);
}
