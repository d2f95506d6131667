using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Components.Urls;
using NexLlm.Dashboard.Paging;

namespace NexLlm.Dashboard.Tests.Components.Audit;

public sealed class HistoryAddressTests
{
    [Fact]
    public void An_address_says_all_that_is_shown_and_brings_it_back()
    {
        var shown = new HistoryAddress(
            HistoryKind.LogIns, null, 7, AccountPart.Actor, 8, new DateOnly(2040, 2, 28), new DateOnly(2040, 3, 1), new PageCursor(PageDirection.After, null, 0, 9));

        Assert.Equal("?what=log-ins&account=7&as=actor&key=8&from=2040-02-28&to=2040-03-01&at=a9~0", shown.ToQueryString());
        Assert.Equal(shown, HistoryAddress.Read("log-ins", "7", "actor", "8", "2040-02-28", "2040-03-01", "a9~0"));
    }

    [Theory]
    [MemberData(nameof(AuditTextTests.Actions), MemberType = typeof(AuditTextTests))]
    public void Each_single_action_can_be_looked_for(string action)
    {
        var shown = HistoryAddress.Default.About(action);

        Assert.Equal([action], shown.ToQuery(TimeZoneInfo.Utc).Actions);
        Assert.Equal($"?what={action}", shown.ToQueryString());
        Assert.Equal(shown, HistoryAddress.Read(action, null, null, null, null, null, null));
        Assert.Equal(HistoryAddress.Default, shown.About(null));
    }

    [Fact]
    public void What_an_address_gets_wrong_is_read_as_the_default()
    {
        Assert.Equal(HistoryAddress.Default, HistoryAddress.Read("cats", "-1", "everybody", "x", "28.2.2040", "tomorrow", "c1"));
        Assert.Equal("", HistoryAddress.Default.ToQueryString());
    }

    [Theory]
    [InlineData("UTC", "2040-03-11T00:00:00Z", "2040-03-12T00:00:00Z")]
    [InlineData("America/New_York", "2040-03-11T05:00:00Z", "2040-03-12T04:00:00Z")]
    [InlineData("Asia/Kathmandu", "2040-03-10T18:15:00Z", "2040-03-11T18:15:00Z")]
    public void A_day_is_the_whole_day_of_the_persons_zone_also_when_it_has_23_hours(string zone, string from, string to)
    {
        var query = new HistoryAddress(From: new DateOnly(2040, 3, 11), To: new DateOnly(2040, 3, 11)).ToQuery(TimeZoneInfo.FindSystemTimeZoneById(zone));

        Assert.Equal((At(from), At(to)), (query.From, query.To));
    }

    private static DateTimeOffset? At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
