using System.Globalization;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Usage;

/// <summary>Recomputes every counter from what it counts, on one snapshot of the file, beside a running server or without one.</summary>
public sealed class LedgerVerification(IDbContextFactory<NexLlmDbContext> contexts)
{
    /// <summary>How many sentences of a kind are enough to know that something is wrong.</summary>
    private const int Most = 20;

    /// <summary>What does not agree, a sentence each; empty if everything does.</summary>
    public async Task<IReadOnlyList<string>> FindDriftAsync(CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await using var snapshot = await db.BeginReadAsync(cancellation);
        var state = await db.Set<LedgerState>().AsNoTracking().SingleAsync(cancellation);
        return
        [
            .. (await ChargesAsync(db, state, cancellation)).Select(id => $"Charge {id} contradicts itself."),
            .. (await HoursAsync(db, state, cancellation)).Select(h => string.Create(
                CultureInfo.InvariantCulture,
                $"Key {h.Id}, the hour from {DateTimeOffset.FromUnixTimeMilliseconds(h.Hour):yyyy-MM-dd HH:mm} UTC: the roll-up has {h.Tokens:+#;-#;0} charged tokens and {h.Requests:+#;-#;0} requests against its charges.")),
            .. (await KeysAsync(db, cancellation)).Select(k => $"Key {k.Id} counts {k.Counted} charged tokens; its hours have {k.Found}."),
            .. (await AccountsAsync(db, cancellation)).Select(a => $"Account {a.Id} counts {a.Counted} charged tokens; its keys have {a.Found}."),
        ];
    }

    /// <summary>Each charge in itself: priced right, and nothing held back by what has ended.</summary>
    private static Task<List<long>> ChargesAsync(NexLlmDbContext db, LedgerState state, CancellationToken cancellation) =>
        db.Database.SqlQuery<long>(
            $"""
            SELECT Id AS Value FROM Charges WHERE NOT CASE State
                WHEN {(int)ChargeState.Dispatched} THEN Id >= {state.OldestOpenId} AND ChargedTokens = 0 AND Settlement IS NULL
                WHEN {(int)ChargeState.Abandoned} THEN ReservedTokens = 0 AND ChargedTokens = 0 AND Settlement IS NULL
                ELSE ReservedTokens = 0 AND Settlement IS NOT NULL AND SettledAt IS NOT NULL AND (IsClamped OR ChargedTokens =
                    (InputTokens + OutputTokens) / 1000000 * RatioMillionths
                        + ((InputTokens + OutputTokens) % 1000000 * RatioMillionths + 999999) / 1000000)
                END
            ORDER BY Id LIMIT {Most}
            """).ToListAsync(cancellation);

    /// <summary>The roll-up against the charges that it sums up, as far as they are kept.</summary>
    private static Task<List<HourDrift>> HoursAsync(NexLlmDbContext db, LedgerState state, CancellationToken cancellation)
    {
        var kept = state.PrunedBefore.ToUnixTimeMilliseconds();
        return db.Database.SqlQuery<HourDrift>(
            $"""
            SELECT KeyId AS Id, Hour, sum(Requests) AS Requests, sum(ChargedTokens) AS Tokens FROM (
                SELECT KeyId, AccountId, GroupId, Model, Hour, Requests, InputTokens, OutputTokens, ChargedTokens, CountedRequests
                FROM UsageHours WHERE Hour >= {kept}
                UNION ALL
                SELECT KeyId, AccountId, GroupId, Model, SettledAt - SettledAt % 3600000, -1, -InputTokens, -OutputTokens, -ChargedTokens,
                    CASE Source WHEN {(int)UsageSource.Upstream} THEN 0 ELSE -1 END
                FROM Charges WHERE Settlement <= {state.Watermark} AND SettledAt >= {kept}) AS Both
            GROUP BY KeyId, AccountId, GroupId, Model, Hour
            HAVING sum(Requests) <> 0 OR sum(InputTokens) <> 0 OR sum(OutputTokens) <> 0 OR sum(ChargedTokens) <> 0 OR sum(CountedRequests) <> 0
            ORDER BY KeyId, Hour LIMIT {Most}
            """).ToListAsync(cancellation);
    }

    private static Task<List<CounterDrift>> KeysAsync(NexLlmDbContext db, CancellationToken cancellation) =>
        db.Database.SqlQuery<CounterDrift>(
            $"""
            SELECT k.Id, k.UsedTokens AS Counted, coalesce(sum(h.ChargedTokens), 0) AS Found
            FROM ApiKeys AS k LEFT JOIN UsageHours AS h ON h.KeyId = k.Id
            GROUP BY k.Id, k.UsedTokens HAVING k.UsedTokens <> coalesce(sum(h.ChargedTokens), 0)
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

    private sealed record HourDrift(long Id, long Hour, long Requests, long Tokens);

    private sealed record CounterDrift(long Id, long Counted, long Found);
}
