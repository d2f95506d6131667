namespace NexLlm.Dashboard.Keys.Policy;

/// <summary>Days on the wall calendar of a time zone.</summary>
internal static class LocalDay
{
    // No zone is, or ever was, further than this from UTC in the data that .NET accepts.
    private static readonly long _widestOffset = TimeSpan.FromHours(14).Ticks;

    public static DateOnly Of(DateTimeOffset instant, TimeZoneInfo zone) =>
        DateOnly.FromDateTime(Utc(instant.UtcTicks + OffsetAt(instant.UtcTicks, zone)));

    /// <summary>
    /// The first instant that the zone's clocks call this day: also where midnight does not exist (clocks jump over it),
    /// exists twice (the earlier one counts), or where the whole day was skipped (then it is where the next one begins).
    /// </summary>
    public static DateTimeOffset Start(DateOnly day, TimeZoneInfo zone)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue).Ticks;
        long from = midnight - _widestOffset, to = midnight + _widestOffset;
        long before = OffsetAt(from, zone), after = OffsetAt(to, zone);

        // Only what zones really do is covered: at most one change of the clocks within these 28 hours.
        if (OffsetAt(midnight - before, zone) == before)
            return new DateTimeOffset(Utc(midnight - before));
        if (OffsetAt(midnight - after, zone) == after)
            return new DateTimeOffset(Utc(midnight - after));

        while (to - from > 1)
        {
            var middle = from + (to - from) / 2;
            if (OffsetAt(middle, zone) == before)
                from = middle;
            else
                to = middle;
        }

        return new DateTimeOffset(Utc(to));
    }

    private static long OffsetAt(long utcTicks, TimeZoneInfo zone) => zone.GetUtcOffset(Utc(utcTicks)).Ticks;

    // The calendar ends on both sides; nothing that a key can mean lies there, but it must not throw.
    private static DateTime Utc(long ticks) =>
        new(Math.Clamp(ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks), DateTimeKind.Utc);
}
