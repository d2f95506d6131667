using NexLlm.Dashboard.Usage.RollUp;

namespace NexLlm.Dashboard.Usage.Statistics;

/// <summary>Takes a stretch of time apart into the periods that the roll-up keeps: as few as there can be.</summary>
internal static class PeriodSplitter
{
    private static readonly UsagePeriod[] _longestFirst = [UsagePeriod.Day, UsagePeriod.Hour, UsagePeriod.HalfHour, UsagePeriod.Quarter];

    /// <param name="from">A quarter of an hour's beginning.</param>
    /// <param name="to">Another one; not in the stretch.</param>
    /// <param name="longest">What is no longer than this is used.</param>
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
