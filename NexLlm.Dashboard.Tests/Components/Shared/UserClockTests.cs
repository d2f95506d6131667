using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Time.Testing;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Tests.Components.Shared;

public sealed class UserClockTests
{
    private static readonly DateTimeOffset _now = new(2026, 11, 23, 22, 30, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("-00:00:59", "Just now")]
    [InlineData("-00:01:00", "1m ago")]
    [InlineData("-00:59:59", "59m ago")]
    [InlineData("-01:00:00", "1h ago")]
    [InlineData("-23:59:59", "23h ago")]
    [InlineData("-1.00:00:00", "Yesterday")]
    [InlineData("-2.00:00:00", "2 days ago")]
    [InlineData("-6.00:00:00", "6 days ago")]
    [InlineData("-7.00:00:00", "16 Nov")]
    [InlineData("-400.00:00:00", "19 Oct 2025")]
    [InlineData("00:00:30", "In a minute")]
    [InlineData("00:01:00", "In 1m")]
    [InlineData("23:00:00", "In 23h")]
    [InlineData("1.00:00:00", "Tomorrow")]
    [InlineData("7.00:00:00", "In 7 days")]
    [InlineData("8.00:00:00", "1 Dec")]
    [InlineData("60.00:00:00", "22 Jan 2027")]
    public void Near_instants_are_told_from_now_and_far_ones_as_dates(string away, string words) =>
        Assert.Equal(words, Clock("UTC").Brief(_now + TimeSpan.Parse(away, System.Globalization.CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("UTC", "Yesterday")]
    [InlineData("Asia/Tokyo", "2 days ago")]
    public void Days_are_those_of_the_persons_zone(string zone, string words) =>
        Assert.Equal(words, Clock(zone).Brief(new DateTimeOffset(2026, 11, 22, 14, 0, 0, TimeSpan.Zero)));

    [Theory]
    [InlineData("UTC", "23 Nov 2026, 22:30:00 UTC")]
    [InlineData("Europe/Berlin", "23 Nov 2026, 23:30:00 Europe/Berlin · 23 Nov 2026, 22:30:00 UTC")]
    public void The_exact_instant_names_the_persons_zone_and_UTC(string zone, string words) => Assert.Equal(words, Clock(zone).Exact(_now));

    [Fact]
    public void An_expiration_far_away_names_the_last_day_that_counts()
    {
        // 31 December as a whole, in Berlin.
        var expiration = new Expiration(new DateTimeOffset(2026, 12, 31, 23, 0, 0, TimeSpan.Zero));

        Assert.Equal("31 Dec", Clock("Europe/Berlin").Brief(expiration));
        Assert.Equal("Never", Clock("Europe/Berlin").Brief(Expiration.Never));
    }

    [Theory]
    [InlineData("00:00:10", "1 minute")]
    [InlineData("00:30:00", "30 minutes")]
    [InlineData("01:00:00", "1 hour")]
    [InlineData("1.00:00:00", "24 hours")]
    [InlineData("3.00:00:00", "3 days")]
    public void Spans_are_said_in_words(string span, string words) =>
        Assert.Equal(words, UserClock.InWords(TimeSpan.Parse(span, System.Globalization.CultureInfo.InvariantCulture)));

    private static UserClock Clock(string zone) =>
        new(new CurrentUser(new Nobody()) { Zone = TimeZoneInfo.FindSystemTimeZoneById(zone) }, new FakeTimeProvider(_now));

    private sealed class Nobody : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(new AuthenticationState(new()));
    }
}
