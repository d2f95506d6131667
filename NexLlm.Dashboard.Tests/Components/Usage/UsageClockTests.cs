using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Components.Usage;
using NexLlm.Dashboard.Usage.Statistics;

namespace NexLlm.Dashboard.Tests.Components.Usage;

public sealed class UsageClockTests
{
    [Theory]
    [InlineData("Europe/Berlin", "2040-10-28", 25, "02:00 (+02:00)", "02:00 (+01:00)")]
    [InlineData("Europe/Berlin", "2040-03-25", 23, "01:00", "03:00")]
    [InlineData("Australia/Lord_Howe", "2040-04-01", 25, "01:00", "01:30 (+10:30)")]
    [InlineData("Asia/Kathmandu", "2040-03-25", 24, "01:00", "02:00")]
    public void Every_hour_of_a_day_has_a_name_of_its_own(string id, string date, int hours, string one, string next)
    {
        var labels = Labels(id, date, UsageStep.Hour);

        Assert.Equal(hours, labels.Distinct().Count());
        Assert.Equal(next, labels[labels.ToList().IndexOf(one) + 1]);
    }

    [Fact]
    public void A_day_is_called_by_its_date() => Assert.Equal(["28 Oct"], Labels("Europe/Berlin", "2040-10-28", UsageStep.Day));

    private static IReadOnlyList<string> Labels(string id, string date, UsageStep step)
    {
        var (day, zone) = (DateOnly.Parse(date, System.Globalization.CultureInfo.InvariantCulture), TimeZoneInfo.FindSystemTimeZoneById(id));
        var timeline = Timeline.Of(new UsageRange.Between(day, day), step, zone, DateTimeOffset.UnixEpoch);
        var report = new UsageReport(null, timeline.Starts, timeline.End, [], [], [], default, TimeSpan.Zero);
        return UsageClock.Labels(report, step, new CurrentUser(null!) { Zone = zone });
    }
}
