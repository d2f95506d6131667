using System.Web;
using NexLlm.Dashboard.Components.Urls;
using NexLlm.Dashboard.Logs;
using NexLlm.Dashboard.Logs.Writing;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Logs;

public sealed class LogAddressTests
{
    [Fact]
    public void The_default_has_no_query_and_asks_for_the_last_24_hours_of_everything()
    {
        Assert.Equal("", LogAddress.Default.ToQueryString());
        Assert.Equal(new LogQuery(NexLlmApp.Start.AddHours(-24)), LogAddress.Default.ToQuery(NexLlmApp.Start));
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        var address = new LogAddress
        {
            From = new DateTimeOffset(2026, 11, 24, 2, 3, 4, TimeSpan.Zero),
            To = new DateTimeOffset(2026, 11, 25, 0, 0, 0, TimeSpan.Zero),
            AccountId = 3,
            KeyId = 4,
            Model = "a/b c&d=ü",
            GroupId = 5,
            Status = "key_expired",
            RequestId = RequestNumber.NewId(12),
            Opened = RequestNumber.NewId(13),
            Before = 77,
            After = 76,
            IsLive = true,
        };

        Assert.Equal(address, Read(address.ToQueryString()));
        Assert.Equal(address with { From = null, To = null, Range = "7d" }, Read((address with { From = null, To = null, Range = "7d" }).ToQueryString()));
    }

    [Theory]
    [InlineData("?range=99d&key=x&group=-1&from=yesterday&before=1e9&live=1")]
    [InlineData("?model=&status=+&id=&request=")]
    [InlineData("?model=sk-nexllm-abc&id=sk-1234&request=sk-1234")]
    [InlineData("?key=1&key=2&account=99999999999999999999&after=-1&to=2040-02-30T00:00:00Z&from=2040-01-01")]
    public void What_an_address_gets_wrong_is_read_as_the_default(string query) => Assert.Equal(LogAddress.Default, Read(query));

    [Fact]
    public void A_status_is_a_kind_of_end_or_a_code()
    {
        Assert.Equal((LogOutcome.Failed, null), Asked("failed"));
        Assert.Equal((LogOutcome.Answered, null), Asked("answered"));
        Assert.Equal((null, "key_expired"), Asked("key_expired"));
        Assert.Equal(499, Read("?status=499").ToQuery(NexLlmApp.Start).Status);
        Assert.Equal((null, null), Asked("499"));

        static (LogOutcome?, string?) Asked(string status)
        {
            var query = Read($"?status={status}").ToQuery(NexLlmApp.Start);
            return (query.Outcome, query.Code);
        }
    }

    [Fact]
    public void A_models_name_is_taken_to_the_letter() => Assert.Equal("gpt-4o ", Read("?model=gpt-4o%20").Model);

    [Fact]
    public void Nothing_new_can_come_to_one_request_or_to_a_time_that_is_over()
    {
        Assert.True(LogAddress.Default.CanBeLive(NexLlmApp.Start));
        Assert.True(new LogAddress { To = NexLlmApp.Start.AddHours(1) }.CanBeLive(NexLlmApp.Start));
        Assert.False(new LogAddress { To = NexLlmApp.Start }.CanBeLive(NexLlmApp.Start));
        Assert.False(new LogAddress { RequestId = "req_1" }.CanBeLive(NexLlmApp.Start));
    }

    [Fact]
    public void An_end_alone_begins_at_the_beginning() =>
        Assert.Equal(DateTimeOffset.UnixEpoch, Read("?to=2026-11-24T00:00:00Z").ToQuery(NexLlmApp.Start).From);

    [Fact]
    public void Details_that_are_open_change_nothing_of_what_is_listed()
    {
        var address = new LogAddress { Model = "m", Opened = "req_1" };

        Assert.Equal(address.List.ToQuery(NexLlmApp.Start), address.ToQuery(NexLlmApp.Start));
        Assert.False((LogAddress.Default with { Opened = "req_1" }).IsFiltered);
        Assert.Equal("?model=m", address.FirstPage.ToQueryString());
    }

    [Fact]
    public void An_export_has_the_filters_and_not_the_page()
    {
        var query = new LogAddress { KeyId = 4, Before = 77, After = 76, IsLive = true, Opened = "req_1" }.ToQueryString(Guid.Empty);

        Assert.Equal($"?key=4&export={Guid.Empty}", query);
    }

    private static LogAddress Read(string queryString)
    {
        var query = HttpUtility.ParseQueryString(queryString);
        return LogAddress.Read(name => query[name]);
    }
}
