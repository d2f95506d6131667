namespace NexLlm.Dashboard.Usage.RollUp;

/// <summary>The periods of the roll-up, in minutes from midnight UTC. Stored as a number.</summary>
public enum UsagePeriod
{
    Quarter = 15,
    HalfHour = 30,
    Hour = 60,
    Day = 1440,
}

internal static class UsagePeriods
{
    /// <summary>The length in milliseconds.</summary>
    public static long Length(this UsagePeriod period) => (long)period * 60_000;

    /// <summary>The start of the period that contains an instant, both in Unix milliseconds.</summary>
    public static long StartOf(this UsagePeriod period, long instant) => instant - (instant % period.Length());
}
