namespace NexLlm.Dashboard.Usage.RollUp;

/// <summary>The lengths of time, in minutes and counted from midnight UTC, whose use is summed up. Stored as a number.</summary>
public enum UsagePeriod
{
    Quarter = 15,
    HalfHour = 30,
    Hour = 60,
    Day = 1440,
}

internal static class UsagePeriods
{
    /// <summary>In milliseconds.</summary>
    public static long Length(this UsagePeriod period) => (long)period * 60_000;

    /// <summary>The beginning of the period that an instant is in, both in Unix milliseconds.</summary>
    public static long StartOf(this UsagePeriod period, long instant) => instant - (instant % period.Length());
}
