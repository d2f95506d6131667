using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Usage.Statistics;

namespace NexLlm.Dashboard.Logs;

/// <summary>The last 24 hours at a glance, hour by hour: what was used comes from the ledger's roll-up, what was refused and how fast answers were from the log.</summary>
public sealed class LastDayStatistics(UsageStatistics statistics, RequestLog log)
{
    /// <param name="scope"><see cref="UsageScope.Own"/> or <see cref="UsageScope.Everybody"/>.</param>
    /// <exception cref="AccessDeniedException">The actor's login is over, or the actor is no administrator and asks about everybody.</exception>
    /// <exception cref="ArgumentOutOfRangeException">It is another scope.</exception>
    public async Task<DayFigures> ReadAsync(Actor actor, UsageScope scope, TimeZoneInfo zone, CancellationToken cancellation = default)
    {
        if (scope is not (UsageScope.Own or UsageScope.Everybody))
        {
            throw new ArgumentOutOfRangeException(nameof(scope));
        }

        var question = new UsageQuery(scope, new UsageRange.Last(1), UsageStep.Hour, WithPrevious: true);
        var report = (await statistics.ForAsync(actor, question, zone, cancellation))!;
        var hours = await log.HoursAsync(actor, scope is UsageScope.Own, report.Starts, report.End, report.Elapsed, cancellation);
        return new DayFigures(
            report.Starts, report.Totals, report.Total, report.Previous!, hours.Refused, hours.Refused.Sum(), hours.RefusedBefore, hours.Medians, hours.Median);
    }
}

/// <summary>The last 24 hours.</summary>
/// <param name="Starts">Where each hour begins; the last is the present one. All lists have one entry for each.</param>
/// <param name="Used">Requests and tokens.</param>
/// <param name="Total">All of it.</param>
/// <param name="Previous">The 24 hours before, up to the same minute.</param>
/// <param name="Rejected">Requests that were refused, or failed at every channel.</param>
/// <param name="RejectedTotal">All of them.</param>
/// <param name="RejectedBefore">In the 24 hours before, up to the same quarter of an hour.</param>
/// <param name="FirstByte">The median of the time until an answer began, of the last answers of each hour; null of an hour without any.</param>
/// <param name="MedianFirstByte">The median of all that were looked at; null if there were none.</param>
public sealed record DayFigures(
    IReadOnlyList<DateTimeOffset> Starts,
    IReadOnlyList<UsageFigures> Used,
    UsageFigures Total,
    PreviousUsage Previous,
    IReadOnlyList<long> Rejected,
    long RejectedTotal,
    long RejectedBefore,
    IReadOnlyList<TimeSpan?> FirstByte,
    TimeSpan? MedianFirstByte);
