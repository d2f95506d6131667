using NexLlm.Dashboard.Usage.Statistics;

namespace NexLlm.Dashboard.Tests.Usage.Statistics;

public sealed class TimelineTests
{
    private static readonly DateTimeOffset _now = new(2040, 3, 28, 10, 20, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("Europe/Berlin", "2040-03-25", 23)]
    [InlineData("Europe/Berlin", "2040-10-28", 25)]
    [InlineData("America/New_York", "2040-03-11", 23)]
    [InlineData("Asia/Kolkata", "2040-03-25", 24)]
    [InlineData("UTC", "2040-03-25", 24)]
    public void A_day_has_as_many_hours_as_the_clocks_of_the_zone_show(string zone, string date, int hours)
    {
        var day = DateOnly.Parse(date, System.Globalization.CultureInfo.InvariantCulture);

        var timeline = Timeline.Of(new UsageRange.Between(day, day), UsageStep.Hour, Zone(zone), _now);

        Assert.Equal(hours, timeline.Starts.Count);
        Assert.Equal(TimeSpan.FromHours(hours), timeline.End - timeline.Starts[0]);
    }

    [Theory]
    [InlineData("UTC", "2040-03-22T00:00Z")]
    [InlineData("Asia/Kolkata", "2040-03-21T18:30Z")]
    [InlineData("Asia/Kathmandu", "2040-03-21T18:15Z")]
    [InlineData("America/St_Johns", "2040-03-22T02:30Z")]
    [InlineData("Pacific/Chatham", "2040-03-22T10:15Z")]
    public void The_last_days_begin_at_midnight_of_the_zone_and_today_is_one_of_them(string zone, string from)
    {
        var timeline = Timeline.Of(new UsageRange.Last(7), UsageStep.Day, Zone(zone), _now);

        Assert.Equal(7, timeline.Starts.Count);
        Assert.Equal(DateTimeOffset.Parse(from, System.Globalization.CultureInfo.InvariantCulture), timeline.Starts[0]);
        Assert.All(timeline.Starts, start => Assert.Equal(TimeSpan.Zero, TimeZoneInfo.ConvertTime(start, Zone(zone)).TimeOfDay));
        Assert.InRange(_now, timeline.Starts[^1], timeline.End);
    }

    [Fact]
    public void One_day_is_the_last_24_hours_with_this_one()
    {
        var timeline = Timeline.Of(new UsageRange.Last(1), UsageStep.Hour, Zone("Asia/Kolkata"), _now);

        Assert.Equal(24, timeline.Starts.Count);
        Assert.Equal(new DateTimeOffset(2040, 3, 28, 10, 30, 0, TimeSpan.Zero), timeline.End);
    }

    [Fact]
    public void A_day_that_the_zone_skipped_is_none()
    {
        var timeline = Timeline.Of(new UsageRange.Between(new(2011, 12, 29), new(2011, 12, 31)), UsageStep.Day, Zone("Pacific/Apia"), _now);

        Assert.Equal(2, timeline.Starts.Count);
        Assert.Equal(TimeSpan.FromHours(48), timeline.End - timeline.Starts[0]);
    }

    [Fact]
    public void Where_clocks_change_by_half_an_hour_hours_go_on_at_the_new_full_ones()
    {
        var zone = Zone("Australia/Lord_Howe");
        var timeline = Timeline.Of(new UsageRange.Between(new(2040, 4, 1), new(2040, 4, 1)), UsageStep.Hour, zone, _now);

        Assert.Equal(TimeSpan.FromHours(24.5), timeline.End - timeline.Starts[0]);
        Assert.All(timeline.Starts.Where(s => s != timeline.Starts[2]), start => Assert.Equal(0, TimeZoneInfo.ConvertTime(start, zone).Minute));
    }

    [Fact]
    public void No_zone_that_ever_was_keeps_a_timeline_from_ending()
    {
        foreach (var zone in TimeZoneInfo.GetSystemTimeZones())
        {
            foreach (var year in (int[])[1850, 1900, 1919, 1972, 2040])
            {
                var timeline = Timeline.Of(new UsageRange.Between(new(year, 1, 1), new(year, 4, 1)), UsageStep.Hour, zone, _now);

                Assert.All(timeline.Starts.Zip(timeline.Starts.Skip(1)), pair => Assert.True(pair.First < pair.Second));
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    [InlineData(UsageRange.MaxDays + 1)]
    public void A_range_without_days_or_with_too_many_is_refused(int days) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Timeline.Of(new UsageRange.Last(days), UsageStep.Day, TimeZoneInfo.Utc, _now));

    private static TimeZoneInfo Zone(string id) => TimeZoneInfo.FindSystemTimeZoneById(id);
}
