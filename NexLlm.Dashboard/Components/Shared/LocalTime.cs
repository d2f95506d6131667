using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace NexLlm.Dashboard.Components.Shared;

/// <summary>What a browser's field for a date and a time holds, and which instant that is in a person's zone.</summary>
public static class LocalTime
{
    /// <summary>No request is older; while a year is typed, its first digits are one.</summary>
    public const string Earliest = "1970-01-02T00:00:00";

    /// <summary>So that a year has four digits.</summary>
    public const string Latest = "9998-12-31T23:59:59";

    private const string Minute = "yyyy-MM-dd'T'HH:mm";
    private const string Second = "yyyy-MM-dd'T'HH:mm:ss";

    public static string Write(DateTimeOffset instant, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(instant, zone) is var local && local.Second == 0
            ? local.ToString(Minute, CultureInfo.InvariantCulture)
            : local.ToString(Second, CultureInfo.InvariantCulture);

    /// <summary>False of what is no time, or none between <see cref="Earliest"/> and <see cref="Latest"/>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out DateTime local) =>
        DateTime.TryParseExact(text, [Minute, Second], CultureInfo.InvariantCulture, DateTimeStyles.None, out local) && IsPlausible(local);

    /// <summary>Between <see cref="Earliest"/> and <see cref="Latest"/>.</summary>
    public static bool IsPlausible(DateTime local) =>
        local >= DateTime.Parse(Earliest, CultureInfo.InvariantCulture) && local <= DateTime.Parse(Latest, CultureInfo.InvariantCulture);

    /// <summary>The instant at which the zone's clocks show this time; of one that they skip, the instant as if they had not been changed yet.</summary>
    /// <param name="isLater">Of a time that they show twice, the second.</param>
    public static DateTimeOffset Instant(DateTime local, TimeZoneInfo zone, bool isLater = false)
    {
        var offsets = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local) : [zone.GetUtcOffset(local)];
        return new DateTimeOffset(local, isLater ? offsets.Min() : offsets.Max()).ToUniversalTime();
    }
}
