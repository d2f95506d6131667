using System.Globalization;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Usage.Statistics;

namespace NexLlm.Dashboard.Components.Usage;

/// <summary>Names the hours and days of a time axis in the user's time zone.</summary>
internal static class UsageClock
{
    private static readonly CultureInfo _english = CultureInfo.InvariantCulture;

    public static IReadOnlyList<string> Labels(UsageReport report, UsageStep step, CurrentUser user) => Labels(report.Starts, report.End, step, user);

    public static IReadOnlyList<string> Labels(IReadOnlyList<DateTimeOffset> starts, DateTimeOffset end, UsageStep step, CurrentUser user)
    {
        var form = step is UsageStep.Day ? "d MMM" : end - starts[0] > TimeSpan.FromHours(25) ? "d MMM, HH:mm" : "HH:mm";
        return [.. starts.Select(start =>
        {
            var local = TimeZoneInfo.ConvertTime(start, user.Zone);
            // Two hours with the same name include their offset.
            var offset = step is UsageStep.Hour && user.Zone.IsAmbiguousTime(local) ? local.ToString(" (zzz)", _english) : "";
            return local.ToString(form, _english) + offset;
        })];
    }
}
