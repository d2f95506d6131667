using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Logs.Writing;

namespace NexLlm.Dashboard.Logs;

/// <summary>What the log says of some hours.</summary>
/// <param name="Refused">One for each hour.</param>
/// <param name="RefusedBefore">In as long a time before.</param>
/// <param name="Medians">Of the time until an answer began; null of an hour without one.</param>
/// <param name="Median">Of all that were looked at.</param>
internal sealed record HourlyLogFigures(IReadOnlyList<long> Refused, long RefusedBefore, IReadOnlyList<TimeSpan?> Medians, TimeSpan? Median)
{
    /// <summary>So many lines of an hour are looked at: enough for a line in a chart, however many there were.</summary>
    private const int LinesAnHour = 500;

    public static HourlyLogFigures Read(LogReader reader, long? accountId, IReadOnlyList<DateTimeOffset> starts, DateTimeOffset end, TimeSpan elapsed)
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
