using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace NexLlm.Dashboard.Components.Shared;

/// <summary>Converts the value of a browser's date and time field to an instant in a user's time zone.</summary>
public static class LocalTime
{
    /// <summary>No request is older. A partly typed year is below this.</summary>
    public const string Earliest = "1970-01-02T00:00:00";

    /// <summary>Limits years to four digits.</summary>
    public const string Latest = "9998-12-31T23:59:59";

    private const string Minute = "yyyy-MM-dd'T'HH:mm";
    private const string Second = "yyyy-MM-dd'T'HH:mm:ss";

    public static string Write(DateTimeOffset instant, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(instant, zone) is var local && local.Second == 0
            ? local.ToString(Minute, CultureInfo.InvariantCulture)
            : local.ToString(Second, CultureInfo.InvariantCulture);

    /// <summary>Returns false for an invalid time, or one outside <see cref="Earliest"/> and <see cref="Latest"/>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out DateTime local) =>
        DateTime.TryParseExact(text, [Minute, Second], CultureInfo.InvariantCulture, DateTimeStyles.None, out local) && IsPlausible(local);

    /// <summary>Whether the time is between <see cref="Earliest"/> and <see cref="Latest"/>.</summary>
    public static bool IsPlausible(DateTime local) =>
        local >= DateTime.Parse(Earliest, CultureInfo.InvariantCulture) && local <= DateTime.Parse(Latest, CultureInfo.InvariantCulture);

    /// <summary>
    /// The instant at which the zone's clocks show this time. For a skipped time, the instant as if the clocks had not changed
    /// yet.
    /// </summary>
    /// <param name="isLater">Selects the second occurrence of a time that occurs twice.</param>
    public static DateTimeOffset Instant(DateTime local, TimeZoneInfo zone, bool isLater = false)
    {
        var offsets = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local) : [zone.GetUtcOffset(local)];
        return new DateTimeOffset(local, isLater ? offsets.Min() : offsets.Max()).ToUniversalTime();
    }
}
