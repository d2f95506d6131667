using System.Globalization;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Usage.RollUp;

namespace NexLlm.Dashboard.Usage;

/// <summary>Recomputes every counter from its source on one snapshot of the file, with or without a running server.</summary>
public sealed class LedgerVerification(IDbContextFactory<NexLlmDbContext> contexts)
{
    /// <summary>The maximum number of findings reported per kind.</summary>
    private const int Most = 20;

    /// <summary>The inconsistencies found, one sentence each; empty if there are none.</summary>
    public async Task<IReadOnlyList<string>> FindDriftAsync(CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await using var snapshot = await db.BeginReadAsync(cancellation);
        var state = await db.Set<LedgerState>().AsNoTracking().SingleAsync(cancellation);
        return
        [
            .. (await ChargesAsync(db, state, cancellation)).Select(id => $"Charge {id} is inconsistent."),
            .. (await QuartersAsync(db, state, cancellation)).Select(q => string.Create(
                CultureInfo.InvariantCulture,
                $"Key {q.Id}, 15 minutes from {DateTimeOffset.FromUnixTimeMilliseconds(q.Quarter):yyyy-MM-dd HH:mm} UTC: the rollup differs from its charges by {q.Tokens:+#;-#;0} charged tokens and {q.Requests:+#;-#;0} requests.")),
            .. await RollUpDrift.FindAsync(db, Most, cancellation),
            .. (await KeysAsync(db, cancellation)).Select(k => $"Key {k.Id}: the counter shows {k.Counted} charged tokens, its quarter-hour rollups {k.Found}."),
            .. (await AccountsAsync(db, cancellation)).Select(a => $"Account {a.Id}: the counter shows {a.Counted} charged tokens, its keys {a.Found}."),
        ];
    }

    /// <summary>Checks each charge by itself: its price is correct, and nothing is reserved after it has ended.</summary>
    private static Task<List<long>> ChargesAsync(NexLlmDbContext db, LedgerState state, CancellationToken cancellation) =>
        db.Database.SqlQuery<long>(
            $"""
            SELECT Id AS Value FROM Charges WHERE NOT CASE State
                WHEN {(int)ChargeState.Reserved} THEN Id >= {state.OldestOpenId} AND ChargedTokens = 0 AND Settlement IS NULL
                WHEN {(int)ChargeState.Abandoned} THEN ReservedTokens = 0 AND ChargedTokens = 0 AND Settlement IS NULL
                ELSE ReservedTokens = 0 AND Settlement IS NOT NULL AND SettledAt IS NOT NULL AND (IsClamped OR ChargedTokens =
                    (InputTokens + OutputTokens) / 1000000 * RatioMillionths
                        + ((InputTokens + OutputTokens) % 1000000 * RatioMillionths + 999999) / 1000000)
                END
            ORDER BY Id LIMIT {Most}
            """).ToListAsync(cancellation);

    /// <summary>Compares the roll-up with the charges it sums up, as far as they are kept.</summary>
    private static Task<List<QuarterDrift>> QuartersAsync(NexLlmDbContext db, LedgerState state, CancellationToken cancellation)
    {
        var kept = state.PrunedBefore.ToUnixTimeMilliseconds();
        return db.Database.SqlQuery<QuarterDrift>(
            $"""
            SELECT KeyId AS Id, Quarter, CAST(sum(Requests) AS bigint) AS Requests, CAST(sum(ChargedTokens) AS bigint) AS Tokens FROM (
                SELECT KeyId, AccountId, GroupId, Model, Quarter, Requests, InputTokens, OutputTokens, ChargedTokens, CountedRequests
                FROM UsageQuarters WHERE Quarter >= {kept}
                UNION ALL
                SELECT KeyId, AccountId, GroupId, Model, SettledAt - SettledAt % 900000, -1, -InputTokens, -OutputTokens, -ChargedTokens,
                    CASE Source WHEN {(int)UsageSource.Upstream} THEN 0 ELSE -1 END
                FROM Charges WHERE Settlement <= {state.Watermark} AND SettledAt >= {kept}) AS Compared
            GROUP BY KeyId, AccountId, GroupId, Model, Quarter
            HAVING sum(Requests) <> 0 OR sum(InputTokens) <> 0 OR sum(OutputTokens) <> 0 OR sum(ChargedTokens) <> 0 OR sum(CountedRequests) <> 0
            ORDER BY KeyId, Quarter LIMIT {Most}
            """).ToListAsync(cancellation);
    }

    private static Task<List<CounterDrift>> KeysAsync(NexLlmDbContext db, CancellationToken cancellation) =>
        db.Database.SqlQuery<CounterDrift>(
            $"""
            SELECT k.Id, k.UsedTokens AS Counted, coalesce(q.Tokens, 0) AS Found
            FROM ApiKeys AS k LEFT JOIN (SELECT KeyId, sum(ChargedTokens) AS Tokens FROM UsageQuarters GROUP BY KeyId) AS q ON q.KeyId = k.Id
            WHERE k.UsedTokens <> coalesce(q.Tokens, 0)
            ORDER BY k.Id LIMIT {Most}
            """).ToListAsync(cancellation);

    private static Task<List<CounterDrift>> AccountsAsync(NexLlmDbContext db, CancellationToken cancellation) =>
        db.Database.SqlQuery<CounterDrift>(
            $"""
            SELECT a.Id, a.UsedTokens AS Counted, coalesce(sum(k.UsedTokens), 0) AS Found
            FROM Accounts AS a LEFT JOIN ApiKeys AS k ON k.OwnerId = a.Id
            GROUP BY a.Id, a.UsedTokens HAVING a.UsedTokens <> coalesce(sum(k.UsedTokens), 0)
            ORDER BY a.Id LIMIT {Most}
            """).ToListAsync(cancellation);

    private sealed record QuarterDrift(long Id, long Quarter, long Requests, long Tokens);

    private sealed record CounterDrift(long Id, long Counted, long Found);
}
