using NexLlm.Dashboard.Usage.RollUp;

namespace NexLlm.Dashboard.Usage.Statistics;

/// <summary>Splits a time range into the fewest stored periods.</summary>
internal static class PeriodSplitter
{
    private static readonly UsagePeriod[] _longestFirst = [UsagePeriod.Day, UsagePeriod.Hour, UsagePeriod.HalfHour, UsagePeriod.Quarter];

    /// <param name="from">The start of a quarter-hour.</param>
    /// <param name="to">The exclusive end, also the start of a quarter-hour.</param>
    /// <param name="longest">The longest period to use.</param>
    public static IEnumerable<(UsagePeriod Period, long Start)> Split(DateTimeOffset from, DateTimeOffset to, UsagePeriod longest)
    {
        var (at, end) = (from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds());
        while (at < end)
        {
            var period = _longestFirst.First(p => p <= longest && p.StartOf(at) == at && at + p.Length() <= end);
            yield return (period, at);
            at += period.Length();
        }
    }
}
