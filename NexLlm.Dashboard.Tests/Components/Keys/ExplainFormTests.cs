using System.Net;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Components.Keys.Explain;
using NexLlm.Dashboard.Components.Urls;
using NexLlm.Dashboard.Logs;
using NexLlm.Dashboard.Logs.Writing;
using NexLlm.Dashboard.Tests.TestKit;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Tests.Components.Keys;

public sealed class ExplainFormTests
{
    private static readonly TimeZoneInfo _berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Fact]
    public void An_address_survives_the_way_through_the_form_and_back()
    {
        var asked = new ExplainAddress("gpt-4o", "203.0.113.7", 5_000, new DateTimeOffset(2040, 7, 1, 10, 30, 15, TimeSpan.Zero), UpstreamApi.Messages);

        Assert.True(new ExplainForm(asked, own: null, _berlin).TryRead(NexLlmApp.Start, out var request, out var read));

        Assert.Equal(asked, read);
        Assert.Equal(new ImaginedRequest("gpt-4o", new IPAddress([203, 0, 113, 7]), 5_000, asked.At!.Value, UpstreamApi.Messages), request);
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(asked.Of(7)["keys/7/explain".Length..]);
        Assert.Equal(asked, ExplainAddress.Read(name => query.TryGetValue(name, out var value) ? value.ToString() : null));
    }

    [Fact]
    public void Nothing_in_the_address_asks_from_here_and_now_about_a_short_request()
    {
        var form = new ExplainForm(Read("?address=garbage&tokens=-1&at=yesterday&call=/v2"), IPAddress.Loopback, _berlin);
        form.Model.Type("gpt-4o");

        Assert.True(form.TryRead(NexLlmApp.Start, out var request, out _));

        Assert.Equal(new ImaginedRequest("gpt-4o", IPAddress.Loopback, 1_000, NexLlmApp.Start), request);
    }

    [Fact]
    public void Ones_own_address_is_written_as_allowlists_write_it()
    {
        var form = new ExplainForm(Read("?model=gpt-4o"), new IPAddress([203, 0, 113, 7]).MapToIPv6(), _berlin);

        Assert.True(form.TryRead(NexLlmApp.Start, out var request, out _));
        Assert.Equal(new IPAddress([203, 0, 113, 7]), request.Address);
    }

    [Theory]
    [InlineData("", "203.0.113.7", "1", "", "model")]
    [InlineData("gpt-4o", "7", "1", "", "address")]
    [InlineData("gpt-4o", "203.0.113.0/24", "1", "", "address")]
    [InlineData("gpt-4o", "203.0.113.7", "0", "", "tokens")]
    [InlineData("gpt-4o", "203.0.113.7", "1", "tomorrow", "at")]
    [InlineData("gpt-4o", "203.0.113.7", "1", "2026-03-29T02:30", "at")]
    [InlineData("gpt-4o", "203.0.113.7", "1", "0001-01-01T00:00", "at")]
    [InlineData("gpt-4o", "203.0.113.7", "1", "9999-12-31T23:59:59", "at")]
    [InlineData("  ", "203.0.113.7", "1", "", "model")]
    public void What_is_wrong_is_named_and_nothing_is_asked(string model, string address, string tokens, string at, string wrong)
    {
        var form = new ExplainForm(Read(""), null, _berlin);
        form.Model.Type(model);
        form.Address.Type(address);
        form.Tokens.Type(tokens);
        form.At.Type(at);

        Assert.Equal(wrong, form.FirstWrong);
        Assert.False(form.TryRead(NexLlmApp.Start, out _, out _));
    }

    [Theory]
    [InlineData("2040-07-01", "10:30:15", "2040-07-01T08:30:15Z")]
    [InlineData("2040-07-01", "", "2040-06-30T22:00:00Z")]
    [InlineData(null, "", null)]
    public void A_day_and_a_time_of_the_persons_zone_are_an_instant(string? day, string time, string? at)
    {
        var form = new ExplainForm(Read("?model=gpt-4o&address=::1"), null, _berlin);
        form.Choose(day is null ? null : DateTime.Parse(day, System.Globalization.CultureInfo.InvariantCulture), time);

        Assert.True(form.TryRead(NexLlmApp.Start, out _, out var read));
        Assert.Equal(at is null ? null : DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture), read.At);
    }

    [Fact]
    public void A_time_without_a_day_is_no_time()
    {
        var form = new ExplainForm(Read("?model=gpt-4o&address=::1"), null, _berlin);
        form.Choose(null, "10:30");

        Assert.Equal("at", form.FirstWrong);
    }

    [Fact]
    public void A_blank_too_many_stays_in_the_models_name_because_the_gateway_reads_it_too()
    {
        var form = new ExplainForm(Read("?model=gpt-4o%20&address=::1"), null, _berlin);

        Assert.True(form.TryRead(NexLlmApp.Start, out var request, out _));
        Assert.Equal("gpt-4o ", request.Model);
    }

    [Theory]
    [InlineData("2040-10-28T00:30:00Z")]
    [InlineData("2040-10-28T01:30:00Z")]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59Z")]
    public void What_nobody_touched_stays_the_instant_that_was_asked_for(string at)
    {
        var asked = Read($"?model=gpt-4o&address=::1&at={at}");
        var form = new ExplainForm(asked, null, _berlin);

        if (form.TryRead(NexLlmApp.Start, out var request, out var read))
        {
            Assert.Equal(asked.At, request.At);
            Assert.Equal(asked.At, read.At);
        }
        else
        {
            Assert.Equal("at", form.FirstWrong);
        }
    }

    [Fact]
    public void A_line_of_the_log_asks_all_that_it_knows()
    {
        var line = new LogEntry(
            RequestNumber.FirstAt(NexLlmApp.Start), NexLlmApp.Start, "req_1", null, 7, "nightly", false, null, null, "claude", UpstreamApi.Messages, 429, "insufficient_quota",
            0, 0, 0, default, null, TimeSpan.Zero, IPAddress.Loopback, 1, 4_096);

        Assert.Equal(
            "keys/7/explain?model=claude&call=%2Fv1%2Fmessages&address=127.0.0.1&tokens=4096&at=2040-03-01T12%3A00%3A00Z", ExplainAddress.Of(line).Of(7));
    }

    private static ExplainAddress Read(string queryString)
    {
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(queryString);
        return ExplainAddress.Read(name => query.TryGetValue(name, out var value) ? value.ToString() : null);
    }
}
