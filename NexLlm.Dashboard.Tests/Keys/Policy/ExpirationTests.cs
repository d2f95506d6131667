using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Tests.Keys.Policy;

public sealed class ExpirationTests
{
    private static readonly DateTimeOffset _now = Instant("2026-11-23T10:00:00Z");
    private static readonly TimeZoneInfo _berlin = Zone("Europe/Berlin");

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("-1")]
    [InlineData(" -1 ")]
    public void Nothing_and_minus_one_never_expire(string? text)
    {
        Assert.True(Expiration.TryParse(text, _berlin, _now, out var expiration, out var error));
        Assert.Null(error);
        Assert.Equal(Expiration.Never, expiration);
        Assert.True(expiration.IsNever);
        Assert.False(expiration.IsOver(DateTimeOffset.MaxValue));
        Assert.False(expiration.IsSoon(_now));
        Assert.Null(expiration.LastDay(_berlin));
        Assert.Equal("", expiration.ToField(_berlin));
    }

    // Day, zone and the first instant of the next local day.
    [Theory]
    [InlineData("2027-02-21", "UTC", "2027-02-22T00:00:00Z")]
    [InlineData("2027-02-21", "Europe/Berlin", "2027-02-21T23:00:00Z")]
    [InlineData("2027-07-21", "Europe/Berlin", "2027-07-21T22:00:00Z")]
    [InlineData("2027-03-27", "Europe/Berlin", "2027-03-27T23:00:00Z")]
    [InlineData("2027-03-28", "Europe/Berlin", "2027-03-28T22:00:00Z")]
    [InlineData("2028-02-29", "America/New_York", "2028-03-01T05:00:00Z")]
    [InlineData("2027-01-01", "Pacific/Kiritimati", "2027-01-01T10:00:00Z")]
    [InlineData("2027-01-01", "Etc/GMT+12", "2027-01-02T12:00:00Z")]
    [InlineData("2027-01-01", "Asia/Kathmandu", "2027-01-01T18:15:00Z")]
    [InlineData("2038-01-18", "UTC", "2038-01-19T00:00:00Z")]
    [InlineData("2038-01-19", "Europe/Berlin", "2038-01-19T23:00:00Z")]
    [InlineData("2038-07-19", "Europe/Berlin", "2038-07-19T22:00:00Z")]
    [InlineData("2106-02-07", "UTC", "2106-02-08T00:00:00Z")]
    [InlineData("9999-12-30", "Pacific/Kiritimati", "9999-12-30T10:00:00Z")]
    [InlineData("9999-12-30", "Etc/GMT+12", "9999-12-31T12:00:00Z")]
    // Midnight does not exist: the day begins at 01:00.
    [InlineData("2018-11-03", "America/Sao_Paulo", "2018-11-04T03:00:00Z", "2018-01-01T00:00:00Z")]
    [InlineData("2024-04-25", "Africa/Cairo", "2024-04-25T22:00:00Z", "2024-01-01T00:00:00Z")]
    // Clocks go back at midnight into the day before: midnight is when they strike it for good.
    [InlineData("2019-02-16", "America/Sao_Paulo", "2019-02-17T03:00:00Z", "2019-01-01T00:00:00Z")]
    [InlineData("2024-10-31", "Africa/Cairo", "2024-10-31T22:00:00Z", "2024-01-01T00:00:00Z")]
    // Midnight exists twice: the day begins with the first.
    [InlineData("2026-10-24", "Atlantic/Azores", "2026-10-25T00:00:00Z", "2026-01-01T00:00:00Z")]
    [InlineData("2010-11-06", "America/St_Johns", "2010-11-07T02:30:00Z", "2010-01-01T00:00:00Z")]
    // The 30th was skipped as a whole.
    [InlineData("2011-12-29", "Pacific/Apia", "2011-12-30T10:00:00Z", "2011-01-01T00:00:00Z")]
    [InlineData("2011-12-30", "Pacific/Apia", "2011-12-30T10:00:00Z", "2011-01-01T00:00:00Z")]
    public void A_key_expires_at_exactly_the_instant_at_which_its_last_local_day_ends(
        string text, string zone, string expected, string now = "2026-11-23T10:00:00Z")
    {
        Assert.True(Expiration.TryParse(text, Zone(zone), Instant(now), out var expiration, out _));

        Assert.Equal(Instant(expected), expiration.At);
        Assert.False(expiration.IsOver(Instant(expected).AddMilliseconds(-1)));
        Assert.True(expiration.IsOver(Instant(expected)));
        Assert.True(expiration.IsOver(Instant(expected).AddMilliseconds(1)));
    }

    [Theory]
    [MemberData(nameof(ZonesThatChangeTheirClocks))]
    public void Around_every_change_of_the_clocks_a_day_begins_where_a_search_minute_by_minute_finds_it(string id)
    {
        var zone = Zone(id);
        var days = DaysAroundChanges(zone, from: new DateOnly(2004, 1, 1), until: new DateOnly(2042, 1, 1)).ToList();
        Assert.NotEmpty(days);

        foreach (var day in days)
        {
            Assert.True(Expiration.TryParse($"{day:yyyy-MM-dd}", zone, Instant("2003-01-01T00:00:00Z"), out var expiration, out _));
            Assert.Equal(FirstMinuteAfter(day, zone), expiration.At);
        }
    }

    public static TheoryData<string> ZonesThatChangeTheirClocks() =>
    [
        "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "America/Santiago", "America/Asuncion", "America/Havana",
        "America/St_Johns", "America/Caracas", "Africa/Cairo", "Africa/Casablanca", "Asia/Beirut", "Asia/Gaza", "Asia/Tehran",
        "Asia/Pyongyang", "Atlantic/Azores", "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Chatham",
    ];

    [Theory]
    [InlineData("2026-11-22", "UTC")]
    [InlineData("1999-12-31", "UTC")]
    [InlineData("0001-01-01", "Pacific/Kiritimati")]
    [InlineData("0001-01-01", "Etc/GMT+12")]
    public void A_day_that_is_over_is_refused(string text, string zone)
    {
        Assert.False(Expiration.TryParse(text, Zone(zone), _now, out _, out var error));
        Assert.Equal("Expiration must be today or later.", error);
    }

    [Fact]
    public void Today_is_what_the_calendar_shows_in_the_persons_zone()
    {
        var lateEvening = Instant("2026-11-23T23:30:00Z");

        Assert.True(Expiration.TryParse("2026-11-23", TimeZoneInfo.Utc, lateEvening, out var today, out _));
        Assert.True(today.IsSoon(lateEvening));
        Assert.False(Expiration.TryParse("2026-11-23", _berlin, lateEvening, out _, out var error));
        Assert.Equal("Expiration must be today or later.", error);
    }

    [Theory]
    [InlineData("-2")]
    [InlineData("0")]
    [InlineData("never")]
    [InlineData("tomorrow")]
    [InlineData("21.02.2027")]
    [InlineData("02/21/2027")]
    [InlineData("2027-2-21")]
    [InlineData("27-02-21")]
    [InlineData("2027-02-30")]
    [InlineData("2027-02-21T00:00")]
    [InlineData("2027-02-21Z")]
    [InlineData("2027 -02-21")]
    [InlineData("12027-02-21")]
    [InlineData("２０２７-02-21")]
    [InlineData("−1")]
    public void Anything_else_is_refused_and_the_form_is_named(string text)
    {
        Assert.False(Expiration.TryParse(text, _berlin, _now, out var expiration, out var error));
        Assert.Equal(
            "Enter a date as YYYY-MM-DD, such as 2026-11-23, or leave the field blank.", error);
        Assert.True(expiration.IsNever);
    }

    [Fact]
    public void A_day_is_over_at_the_first_instant_of_the_next()
    {
        var midnight = Instant("2026-11-24T00:00:00Z");
        Assert.True(Expiration.TryParse("2026-11-23", TimeZoneInfo.Utc, midnight.AddMilliseconds(-1), out _, out _));
        Assert.False(Expiration.TryParse("2026-11-23", TimeZoneInfo.Utc, midnight, out _, out _));
    }

    [Fact]
    public void The_last_day_of_the_calendar_is_refused_by_naming_the_one_before()
    {
        Assert.False(Expiration.TryParse("9999-12-31", _berlin, _now, out _, out var error));
        Assert.StartsWith("Enter a date up to 9999-12-30", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2027-02-21", "Europe/Berlin")]
    [InlineData("2027-03-28", "Europe/Berlin")]
    [InlineData("2036-10-25", "Atlantic/Azores")]
    [InlineData("2037-04-23", "Africa/Cairo")]
    [InlineData("9999-12-30", "Pacific/Kiritimati")]
    [InlineData("9999-12-30", "Etc/GMT+12")]
    public void Editing_shows_the_day_that_was_typed(string text, string zone)
    {
        Assert.True(Expiration.TryParse(text, Zone(zone), _now, out var expiration, out _));
        Assert.Equal(text, expiration.ToField(Zone(zone)));
        Assert.Equal(DateOnly.ParseExact(text, "yyyy-MM-dd"), expiration.LastDay(Zone(zone)));
    }

    [Fact]
    public void A_day_that_a_zone_skipped_shows_as_the_last_one_that_it_had()
    {
        var expiration = new Expiration(Instant("2011-12-30T10:00:00Z"));
        Assert.Equal("2011-12-29", expiration.ToField(Zone("Pacific/Apia")));
    }

    [Fact]
    public void An_instant_inside_a_day_covers_no_last_day_and_shows_the_day_it_lies_in()
    {
        Assert.True(Expiration.TryParse("2027-02-21", _berlin, _now, out var expiration, out _));
        Assert.Null(expiration.LastDay(TimeZoneInfo.Utc));
        Assert.Equal("2027-02-21", expiration.ToField(TimeZoneInfo.Utc));
        Assert.Equal("2027-02-22", expiration.ToField(Zone("Asia/Tokyo")));
    }

    [Theory]
    [InlineData("Pacific/Kiritimati")]
    [InlineData("Etc/GMT+12")]
    [InlineData("UTC")]
    public void The_ends_of_the_calendar_do_not_throw(string zone)
    {
        Assert.Matches("^9999-12-3[01]$", new Expiration(DateTimeOffset.MaxValue).ToField(Zone(zone)));
        Assert.Equal("0001-01-01", new Expiration(DateTimeOffset.MinValue).ToField(Zone(zone)));
        Assert.True(Expiration.TryParse("", Zone(zone), DateTimeOffset.MaxValue, out _, out _));
        Assert.False(Expiration.TryParse("2027-01-01", Zone(zone), DateTimeOffset.MaxValue, out _, out _));
        Assert.True(Expiration.TryParse("2027-01-01", Zone(zone), DateTimeOffset.MinValue, out _, out _));
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(3_599_999, true)]
    [InlineData(3_600_000, false)]
    public void Soon_is_less_than_an_hour_ahead(int millisecondsLeft, bool soon) =>
        Assert.Equal(soon, new Expiration(_now.AddMilliseconds(millisecondsLeft)).IsSoon(_now));

    private static IEnumerable<DateOnly> DaysAroundChanges(TimeZoneInfo zone, DateOnly from, DateOnly until)
    {
        for (var day = from; day < until; day = day.AddDays(1))
        {
            var noon = new DateTimeOffset(day, new TimeOnly(12, 0), TimeSpan.Zero);
            if (zone.GetUtcOffset(noon) != zone.GetUtcOffset(noon.AddDays(1)))
            {
                for (var around = -2; around <= 2; around++)
                    yield return day.AddDays(around);
            }
        }
    }

    private static DateTimeOffset FirstMinuteAfter(DateOnly day, TimeZoneInfo zone)
    {
        var instant = new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero).AddHours(8);
        while (DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime) <= day)
            instant = instant.AddMinutes(1);
        return instant;
    }

    private static TimeZoneInfo Zone(string id) => TimeZoneInfo.FindSystemTimeZoneById(id);

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, null);
}
