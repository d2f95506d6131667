using NexLlm.Dashboard.Components.Shared;

namespace NexLlm.Dashboard.Tests.Components.Shared;

public sealed class LocalTimeTests
{
    private static readonly TimeZoneInfo _berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Theory]
    [InlineData("2040-07-01T12:30", "2040-07-01T10:30:00Z", "2040-07-01T10:30:00Z")]
    // Clocks show 02:30 twice.
    [InlineData("2040-10-28T02:30", "2040-10-28T00:30:00Z", "2040-10-28T01:30:00Z")]
    // Clocks skip 02:30.
    [InlineData("2040-03-25T02:30:15", "2040-03-25T01:30:15Z", "2040-03-25T01:30:15Z")]
    public void A_time_is_the_instant_at_which_clocks_show_it(string text, string first, string second)
    {
        Assert.True(LocalTime.TryParse(text, out var local));

        Assert.Equal(Utc(first), LocalTime.Instant(local, _berlin));
        Assert.Equal(Utc(second), LocalTime.Instant(local, _berlin, isLater: true));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0202-03-01T00:00")]
    [InlineData("0001-01-01T00:00")]
    [InlineData("9999-12-31T23:59")]
    [InlineData("275760-09-13T00:00")]
    [InlineData("2040-03-01")]
    public void What_is_no_time_or_none_of_ours_is_not_taken(string? text) => Assert.False(LocalTime.TryParse(text, out _));

    [Theory]
    [InlineData("2040-07-01T10:30:15Z", "2040-07-01T12:30:15")]
    [InlineData("2040-07-01T10:30:00Z", "2040-07-01T12:30")]
    [InlineData("9999-12-31T23:59:59Z", "9999-12-31T23:59:59")]
    public void An_instant_is_written_as_a_browsers_field_takes_it(string instant, string text) =>
        Assert.Equal(text, LocalTime.Write(Utc(instant), _berlin));

    private static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
