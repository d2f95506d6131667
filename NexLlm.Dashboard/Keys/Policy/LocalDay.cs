namespace NexLlm.Dashboard.Keys.Policy;

/// <summary>Calendar days in a time zone.</summary>
internal static class LocalDay
{
    // No zone in the data .NET accepts has ever been further than this from UTC.
    private static readonly long _widestOffset = TimeSpan.FromHours(14).Ticks;

    public static DateOnly Of(DateTimeOffset instant, TimeZoneInfo zone) =>
        DateOnly.FromDateTime(Utc(instant.UtcTicks + OffsetAt(instant.UtcTicks, zone)));

    /// <summary>
    /// The first instant of this day on the zone's clocks. That also holds if clocks skip midnight, if midnight occurs twice (the
    /// earlier one counts), and if the whole day was skipped (then it is the start of the next one).
    /// </summary>
    public static DateTimeOffset Start(DateOnly day, TimeZoneInfo zone)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue).Ticks;
        long from = midnight - _widestOffset, to = midnight + _widestOffset;
        long before = OffsetAt(from, zone), after = OffsetAt(to, zone);

        // Covers only what real zones do: at most one clock change within these 28 hours.
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

    // Clamps to both ends of the calendar. No key refers to times beyond them, but this must not throw.
    private static DateTime Utc(long ticks) =>
        new(Math.Clamp(ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks), DateTimeKind.Utc);
}
