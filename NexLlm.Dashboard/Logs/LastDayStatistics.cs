using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Usage.Statistics;

namespace NexLlm.Dashboard.Logs;

/// <summary>The last 24 hours by hour: usage from the ledger's roll-up, rejections and response times from the log.</summary>
public sealed class LastDayStatistics(UsageStatistics statistics, RequestLog log)
{
    /// <param name="scope"><see cref="UsageScope.Own"/> or <see cref="UsageScope.Everybody"/>.</param>
    /// <exception cref="AccessDeniedException">
    /// The actor's session has ended, or the actor is not an administrator and queries everybody.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">Any other scope.</exception>
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
/// <param name="Starts">The start of each hour; the last is the current one. All lists have one entry per hour.</param>
/// <param name="Used">Requests and tokens.</param>
/// <param name="Total">The total usage.</param>
/// <param name="Previous">The previous 24 hours, up to the same minute.</param>
/// <param name="Rejected">Requests that were rejected or failed at every channel.</param>
/// <param name="RejectedTotal">The total rejections.</param>
/// <param name="RejectedBefore">The rejections in the previous 24 hours, up to the same quarter-hour.</param>
/// <param name="FirstByte">The median time to the first byte of each hour's latest responses; null for an hour without any.</param>
/// <param name="MedianFirstByte">The median of all sampled requests; null if there were none.</param>
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
