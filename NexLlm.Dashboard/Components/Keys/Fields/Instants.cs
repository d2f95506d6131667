using System.Globalization;

namespace NexLlm.Dashboard.Components.Keys.Fields;

/// <summary>Exact instants in words.</summary>
internal static class Instants
{
    private const string Form = "dddd d MMMM yyyy, HH:mm:ss";

    /// <summary>In the person's zone and in UTC; in UTC alone where that is the person's zone, or the zone is not known.</summary>
    public static string InZoneAndUtc(DateTimeOffset at, TimeZoneInfo zone)
    {
        var utc = $"{at.UtcDateTime.ToString(Form, CultureInfo.InvariantCulture)} UTC";
        return zone.Equals(TimeZoneInfo.Utc)
            ? utc
            : $"{TimeZoneInfo.ConvertTime(at, zone).ToString(Form, CultureInfo.InvariantCulture)} ({zone.Id}), which is {utc}";
    }
}
