using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Usage.Statistics;

/// <summary>
/// Answers usage queries from the roll-up alone, never from the charges, so that cost and results don't depend on how many
/// charges there are or whether they are kept. Owners can query their own account and keys, administrators all of them.
/// </summary>
/// <remarks>
/// Every operation throws <see cref="AccessDeniedException"/> if the actor's session has ended or the account is disabled.
/// </remarks>
public sealed class UsageStatistics(IDbContextFactory<NexLlmDbContext> contexts, TimeProvider clock)
{
    /// <param name="actor">The account that makes the query.</param>
    /// <param name="question">The query.</param>
    /// <param name="zone">The time zone that defines hours and days.</param>
    /// <param name="cancellation">Cancels the query.</param>
    /// <returns>Null if there is no such account or key, or the actor can't see it.</returns>
    /// <exception cref="AccessDeniedException">The actor is not an administrator and queries other accounts.</exception>
    public async Task<UsageReport?> ForAsync(Actor actor, UsageQuery question, TimeZoneInfo zone, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var now = clock.GetUtcNow();
        var acting = await db.RequireAsync(actor, now, cancellation);
        if (await SubjectAsync(db, acting, question.Scope, cancellation) is not { } subject)
        {
            return null;
        }

        var timeline = Timeline.Of(question.Range, question.Step, zone, now);
        await using var snapshot = await db.BeginReadAsync(cancellation);
        using var reader = db.OpenUsageReader();
        var models = subject.Models(reader, timeline);
        var total = UsageTable.Sum(models.Totals);
        var byModel = UsageTable.Largest(models.Rows.Select(row => KeyValuePair.Create(row.Key, UsageTable.Sum(row.Value))), question.Measure, question.Most)
            .Select(m => (Share: new UsageShare(m.Of, m.Sum.Figures()), m.Of, m.Sum)).ToList();
        var byKey = subject.KeyId is null ? await KeysAsync(db, reader, subject, timeline, question, cancellation) : [];
        var series = question.Grouping is UsageGrouping.Key && subject.KeyId is null
            ? byKey.Zip(UsageSubject.OfKeys(db, timeline, [.. byKey.Select(k => k.Of)]), (key, sums) => (key.Share, sums))
            : byModel.Select(m => (m.Share, models.Rows[m.Of]));
        var end = now < timeline.End ? now : timeline.End;
        return new UsageReport(
            subject.Name,
            timeline.Starts,
            timeline.End,
            Series([.. series], models.Totals),
            WithRest([.. byModel.Select(m => m.Share)], total),
            WithRest([.. byKey.Select(k => k.Share)], total),
            total.Figures(),
            end > timeline.Starts[0] ? end - timeline.Starts[0] : TimeSpan.Zero)
        {
            Previous = question.WithPrevious ? Previous(subject, reader, question, zone, timeline, now) : null,
        };
    }

    private static PreviousUsage Previous(
        UsageSubject subject, IUsageReader reader, UsageQuery question, TimeZoneInfo zone, Timeline timeline, DateTimeOffset now)
    {
        var before = Timeline.Before(question.Range, question.Step, zone, now);
        var part = now < timeline.End ? before.UpTo(now - timeline.Starts[0]) : before;
        return new PreviousUsage(before.Starts, [.. subject.Models(reader, before).Totals.Select(UsageTable.Figures)], Sum(subject, reader, part));
    }

    private static UsageFigures Sum(UsageSubject subject, IUsageReader reader, Timeline timeline) =>
        UsageTable.Sum(subject.Models(reader, new Timeline([timeline.Starts[0]], timeline.End)).Totals).Figures();

    private static async Task<UsageSubject?> SubjectAsync(NexLlmDbContext db, ActingAccount acting, UsageScope scope, CancellationToken cancellation)
    {
        switch (scope)
        {
            case UsageScope.Own:
                return new UsageSubject(acting.Id);
            case UsageScope.OfAccount(var id):
                RequireAdministrator(acting.IsAdministrator || id == acting.Id);
                var email = await db.Users.Where(a => a.Id == id).Select(a => a.Email).SingleOrDefaultAsync(cancellation);
                return email is null ? null : new UsageSubject(id, Name: email);
            case UsageScope.Everybody:
                RequireAdministrator(acting.IsAdministrator);
                return new UsageSubject(AccountId: null);
            case UsageScope.OfKey(var id):
                var key = await db.Set<ApiKey>().Where(k => k.Id == id && (k.OwnerId == acting.Id || acting.IsAdministrator))
                    .Select(k => new { k.OwnerId, k.Name }).SingleOrDefaultAsync(cancellation);
                return key is null ? null : new UsageSubject(key.OwnerId, id, key.Name);
            default:
                throw new ArgumentOutOfRangeException(nameof(scope));
        }
    }

    private static void RequireAdministrator(bool mayAsk)
    {
        if (!mayAsk)
        {
            throw new AccessDeniedException("Only administrators can view the usage of other accounts.");
        }
    }

    private static async Task<List<(UsageShare Share, (long AccountId, long KeyId) Of)>> KeysAsync(
        NexLlmDbContext db, IUsageReader reader, UsageSubject subject, Timeline timeline, UsageQuery question, CancellationToken cancellation)
    {
        var largest = UsageTable.Largest(subject.Keys(reader, timeline.Starts[0], timeline.End), question.Measure, question.Most);
        var ids = largest.Select(k => k.Of.KeyId).ToList();
        var named = await (
            from key in db.Set<ApiKey>()
            join owner in db.Users on key.OwnerId equals owner.Id
            where ids.Contains(key.Id)
            select new { key.Id, key.OwnerId, key.Name, key.DeletedAt, owner.Email }).ToDictionaryAsync(k => k.Id, cancellation);
        return [.. largest.Select(k =>
        {
            var key = named[k.Of.KeyId];
            var share = new UsageShare(key.Name, k.Sum.Figures(), key.Id, IsDeleted: key.DeletedAt is not null);
            return (subject.AccountId is null ? share with { Owner = key.Email, OwnerId = key.OwnerId } : share, k.Of);
        })];
    }

    private static List<UsageSeries> Series(IReadOnlyList<(UsageShare Of, UsageSums[] Sums)> largest, UsageSums[] totals)
    {
        var rest = totals.ToArray();
        foreach (var (_, sums) in largest)
        {
            for (var i = 0; i < rest.Length; i++)
            {
                rest[i] -= sums[i];
            }
        }

        var series = largest.Select(s => new UsageSeries(s.Of, [.. s.Sums.Select(UsageTable.Figures)])).ToList();
        if (UsageTable.Sum(rest) is { Requests: > 0 } left)
        {
            series.Add(new UsageSeries(Rest(left), [.. rest.Select(UsageTable.Figures)]));
        }

        return series;
    }

    private static List<UsageShare> WithRest(List<UsageShare> largest, UsageSums total)
    {
        var told = largest.Aggregate(default(UsageFigures), (sum, share) => sum + share.Total);
        var rest = total - new UsageSums(told.Requests, told.InputTokens, told.OutputTokens, told.ChargedTokens);
        return largest is [] || rest.Requests == 0 ? largest : [.. largest, Rest(rest)];
    }

    private static UsageShare Rest(UsageSums sums) => new(null, sums.Figures());
}
