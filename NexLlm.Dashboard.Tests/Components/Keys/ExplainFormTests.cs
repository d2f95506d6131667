using System.Net;
using NexLlm.Dashboard.Components.Keys.Explain;
using NexLlm.Dashboard.Tests.TestKit;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Tests.Components.Keys;

public sealed class ExplainFormTests
{
    private static readonly TimeZoneInfo _berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Fact]
    public void An_address_survives_the_way_through_the_form_and_back()
    {
        var asked = new ExplainAddress("gpt-4o", "203.0.113.7", 5_000, new DateTimeOffset(2040, 7, 1, 10, 30, 15, TimeSpan.Zero));

        Assert.True(new ExplainForm(asked, own: null, _berlin).TryRead(NexLlmApp.Start, out var request, out var read));

        Assert.Equal(asked, read);
        Assert.Equal(new ImaginedRequest("gpt-4o", new IPAddress([203, 0, 113, 7]), 5_000, asked.At!.Value), request);
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(asked.Of(7)["keys/7/explain".Length..]);
        Assert.Equal(asked, ExplainAddress.Read(query["model"], query["address"], query["tokens"], query["at"]));
    }

    [Fact]
    public void Nothing_in_the_address_asks_from_here_and_now_about_a_short_request()
    {
        var form = new ExplainForm(ExplainAddress.Read(null, "garbage", "-1", "yesterday"), IPAddress.Loopback, _berlin);
        form.Model.Type("gpt-4o");

        Assert.True(form.TryRead(NexLlmApp.Start, out var request, out _));

        Assert.Equal(new ImaginedRequest("gpt-4o", IPAddress.Loopback, 1_000, NexLlmApp.Start), request);
    }

    [Theory]
    [InlineData("", "203.0.113.7", "1", "", "model")]
    [InlineData("gpt-4o", "7", "1", "", "address")]
    [InlineData("gpt-4o", "203.0.113.0/24", "1", "", "address")]
    [InlineData("gpt-4o", "203.0.113.7", "0", "", "tokens")]
    [InlineData("gpt-4o", "203.0.113.7", "1", "tomorrow", "at")]
    [InlineData("gpt-4o", "203.0.113.7", "1", "2026-03-29T02:30", "at")]
    public void What_is_wrong_is_named_and_nothing_is_asked(string model, string address, string tokens, string at, string wrong)
    {
        var form = new ExplainForm(ExplainAddress.Read(null, null, null, null), null, _berlin);
        form.Model.Type(model);
        form.Address.Type(address);
        form.Tokens.Type(tokens);
        form.At.Type(at);

        Assert.Equal(wrong, form.FirstWrong);
        Assert.False(form.TryRead(NexLlmApp.Start, out _, out _));
    }
}
