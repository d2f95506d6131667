using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Logs.Writing;

namespace NexLlm.Dashboard.Logs;

/// <summary>The log's figures for some hours.</summary>
/// <param name="Refused">The rejections per hour.</param>
/// <param name="RefusedBefore">The rejections in the preceding period of the same length.</param>
/// <param name="Medians">The median time to the first byte per hour; null for an hour without responses.</param>
/// <param name="Median">The median of all sampled requests.</param>
internal sealed record HourlyLogFigures(IReadOnlyList<long> Refused, long RefusedBefore, IReadOnlyList<TimeSpan?> Medians, TimeSpan? Median)
{
    /// <summary>The maximum lines sampled per hour, enough for a chart regardless of the total.</summary>
    private const int LinesAnHour = 500;

    public static HourlyLogFigures Read(ILogReader reader, long? accountId, IReadOnlyList<DateTimeOffset> starts, DateTimeOffset end, TimeSpan elapsed)
    {
        var refused = new long[starts.Count];
        foreach (var (quarter, requests) in reader.RefusalsByQuarter(starts[0].ToUnixTimeMilliseconds(), end.ToUnixTimeMilliseconds(), accountId))
        {
            refused[HourOf(DateTimeOffset.FromUnixTimeMilliseconds(quarter), starts)] += requests;
        }

        var before = starts[0] - (end - starts[0]);
        var refusedBefore = reader.RefusalsByQuarter(
            before.ToUnixTimeMilliseconds(), LogBatch.QuarterOf(RequestNumber.FirstAt(before + elapsed)), accountId).Sum(q => q.Requests);
        var times = starts.Select((start, i) => reader.FirstBytes(
            new LogFilter(AccountId: accountId), RequestNumber.FirstAt(start), RequestNumber.FirstAt(i + 1 < starts.Count ? starts[i + 1] : end), LinesAnHour)).ToList();
        return new HourlyLogFigures(refused, refusedBefore, [.. times.Select(MedianOf)], MedianOf([.. times.SelectMany(t => t)]));
    }

    private static int HourOf(DateTimeOffset at, IReadOnlyList<DateTimeOffset> starts)
    {
        var hour = starts.Count - 1;
        while (hour > 0 && at < starts[hour])
        {
            hour--;
        }

        return hour;
    }

    private static TimeSpan? MedianOf(List<long> milliseconds)
    {
        milliseconds.Sort();
        return milliseconds is [] ? null : TimeSpan.FromMilliseconds(milliseconds[(milliseconds.Count - 1) / 2]);
    }
}
