using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Usage.RollUp;

namespace NexLlm.Dashboard.Usage.Statistics;

/// <summary>
/// Consecutive hours or days of a user's calendar. A day with a clock change has 23 or 25 hours, and a repeated hour appears
/// twice.
/// </summary>
/// <param name="Starts">The start of each, ascending; at least one.</param>
/// <param name="End">The end of the last one.</param>
internal sealed record Timeline(IReadOnlyList<DateTimeOffset> Starts, DateTimeOffset End)
{
    private static readonly TimeSpan _hour = TimeSpan.FromHours(1);

    /// <exception cref="ArgumentOutOfRangeException">The range has no day, or too many.</exception>
    public static Timeline Of(UsageRange range, UsageStep step, TimeZoneInfo zone, DateTimeOffset now) => Of(Bounds(range, zone, now), step, zone);

    /// <summary>The previous period: 24 hours, the same number of days, or the month before.</summary>
    /// <inheritdoc cref="Of(UsageRange, UsageStep, TimeZoneInfo, DateTimeOffset)"/>
    public static Timeline Before(UsageRange range, UsageStep step, TimeZoneInfo zone, DateTimeOffset now)
    {
        var (from, to) = Bounds(range, zone, now);
        if (range is UsageRange.Month(var ago))
        {
            return Of(new UsageRange.Month(ago + 1), step, zone, now);
        }

        var days = LocalDay.Of(to.AddTicks(-1), zone).DayNumber - LocalDay.Of(from, zone).DayNumber + 1;
        return Of((range is UsageRange.Last(1) ? from.AddHours(-24) : DayStart(LocalDay.Of(from, zone).AddDays(-days), zone), from), step, zone);
    }

    /// <summary>The part elapsed after this time, to a quarter of an hour, as a single period.</summary>
    public Timeline UpTo(TimeSpan elapsed)
    {
        var end = Floored(Starts[0] + elapsed);
        return new Timeline([Starts[0]], end < End ? end : End);
    }

    private static Timeline Of((DateTimeOffset From, DateTimeOffset To) bounds, UsageStep step, TimeZoneInfo zone)
    {
        var (from, to) = bounds;
        var starts = new List<DateTimeOffset>();
        for (var at = from; at < to; at = step is UsageStep.Hour ? HourAfter(at, zone) : DayAfter(at, zone))
        {
            starts.Add(at);
        }

        return new Timeline(starts, to);
    }

    /// <summary>The start and the end of the period.</summary>
    public (DateTimeOffset Start, DateTimeOffset End) this[int index] => (Starts[index], index + 1 < Starts.Count ? Starts[index + 1] : End);

    /// <summary>The stored periods of which each is composed; their slots are the indexes.</summary>
    public IEnumerable<StoredPeriod> Stored(UsagePeriod longest)
    {
        for (var i = 0; i < Starts.Count; i++)
        {
            var (from, to) = this[i];
            foreach (var (period, start) in PeriodSplitter.Split(from, to, longest))
            {
                yield return new StoredPeriod(i, (int)period, start);
            }
        }
    }

    private static (DateTimeOffset From, DateTimeOffset To) Bounds(UsageRange range, TimeZoneInfo zone, DateTimeOffset now)
    {
        switch (range)
        {
            case UsageRange.Last(1):
                var end = HourAfter(now, zone);
                return (end - TimeSpan.FromHours(24), end);
            case UsageRange.Last(var days):
                Check(days);
                var today = LocalDay.Of(now, zone);
                return (DayStart(today.AddDays(1 - days), zone), DayStart(today.AddDays(1), zone));
            case UsageRange.Month(var ago):
                ArgumentOutOfRangeException.ThrowIfNegative(ago);
                var current = LocalDay.Of(now, zone);
                var month = new DateOnly(current.Year, current.Month, 1).AddMonths(-ago);
                return (DayStart(month, zone), DayStart(ago == 0 ? current.AddDays(1) : month.AddMonths(1), zone));
            case UsageRange.Between(var first, var final):
                Check(final.DayNumber - first.DayNumber + 1);
                return (DayStart(first, zone), DayStart(final.AddDays(1), zone));
            default:
                throw new ArgumentOutOfRangeException(nameof(range));
        }
    }

    private static void Check(int days)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(days, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(days, UsageRange.MaxDays);
    }

    private static DateTimeOffset DayAfter(DateTimeOffset at, TimeZoneInfo zone)
    {
        // A day skipped by the time zone starts when the next one does.
        var (day, next) = (LocalDay.Of(at, zone), at);
        while (next <= at)
        {
            day = day.AddDays(1);
            next = DayStart(day, zone);
        }

        return next;
    }

    private static DateTimeOffset HourAfter(DateTimeOffset at, TimeZoneInfo zone)
    {
        var next = Floored(at + _hour - new TimeSpan((at.UtcTicks + zone.GetUtcOffset(at).Ticks) % _hour.Ticks));
        return next > at ? next : at + TimeSpan.FromMinutes((int)UsagePeriod.Quarter);
    }

    private static DateTimeOffset DayStart(DateOnly day, TimeZoneInfo zone) => Floored(LocalDay.Start(day, zone));

    /// <summary>No current time zone has an offset finer than a quarter-hour; historic ones are truncated to it.</summary>
    private static DateTimeOffset Floored(DateTimeOffset at) =>
        DateTimeOffset.FromUnixTimeMilliseconds(UsagePeriod.Quarter.StartOf(at.ToUnixTimeMilliseconds()));
}
