using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Time.Testing;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Components.Audit;
using NexLlm.Dashboard.Components.Shared;

namespace NexLlm.Dashboard.Tests.Components.Audit;

public sealed class ChangeTextTests
{
    private static readonly UserClock _clock = new(new CurrentUser(new Nobody()), new FakeTimeProvider());

    [Theory]
    [InlineData("""{"name":{"before":"a","after":"b"}}""", "Name: from “a” to “b”")]
    [InlineData("""{"tokenLimit":{"before":5000,"after":null}}""", "Quota: from 5,000 tokens to unlimited")]
    [InlineData("""{"tokenLimit":{"before":null,"after":0}}""", "Quota: from unlimited to 0 tokens")]
    [InlineData("""{"tokenLimit":{"before":"none","after":7}}""", "Quota: 7 tokens")]
    [InlineData("""{"expiresAt":{"before":null,"after":"2027-01-01T00:00:00+00:00"}}""", "Expiration: from never to 1 Jan 2027, 00:00:00 UTC")]
    [InlineData("""{"models":{"before":null,"after":"[\"gpt-4o\",\"o3\"]"}}""", "Model Restrictions: from all models to gpt-4o, o3")]
    [InlineData("""{"models":{"before":"[]","after":null}}""", "Model Restrictions: from no models to all models")]
    [InlineData("""{"ips":{"before":"[\"203.0.113.7\"]","after":"[]"}}""", "IP Allowlist: from 203.0.113.7 to no IP addresses")]
    [InlineData("""{"name":{"before":"2027-01-01","after":"none of it"}}""", "Name: from “2027-01-01” to “none of it”")]
    [InlineData("""{"isEnabled":{"before":true,"after":false}}""", "Is enabled: from yes to no")]
    [InlineData("""{"newerField":{"before":["a"],"after":["a","b"]}}""", "Newer field: from a to a, b")]
    [InlineData("""{"email":{"before":"ada@example.com","after":null}}""", "Email: was “ada@example.com”")]
    [InlineData("""{"odd":{"before":{"x":1},"after":1.5}}""", "Odd: from {\"x\":1} to 1.5")]
    public void A_change_is_said_before_and_after(string recorded, string words) =>
        Assert.Equal(words, ChangeText.Of(AuditActions.KeyEdited, Assert.Single(RecordedChange.Read(recorded)), _clock).ToString());

    [Fact]
    public void What_is_new_had_no_value_before() => Assert.Equal(
        ["Name: “a”", "Quota: 9 tokens"],
        RecordedChange.Read("""{"name":{"before":null,"after":"a"},"tokenLimit":{"before":null,"after":9}}""").Select(c => ChangeText.Of(AuditActions.KeyCreated, c, _clock).ToString()));

    [Theory]
    [InlineData("""{"baseUrl":{"before":"http://a","after":"http://b"}}""", "Base URL: from “http://a” to “http://b”")]
    [InlineData("""{"models":{"before":"a, b","after":"a"}}""", "Models: from “a, b” to “a”")]
    [InlineData("""{"groups":{"before":"","after":"default"}}""", "Groups: from none to “default”")]
    [InlineData("""{"providerKey":{"before":"none","after":"set"}}""", "Provider key: set")]
    [InlineData("""{"providerKey":{"before":"set","after":"newly set"}}""", "Provider key: replaced")]
    [InlineData("""{"providerKey":{"before":"set","after":"none"}}""", "Provider key: removed")]
    [InlineData("""{"providerKey":{"before":null,"after":"none"}}""", "Provider key: none")]
    [InlineData("""{"ratio":{"before":1,"after":0.5}}""", "Ratio: from 1 to 0.5")]
    public void A_channels_change_is_said_in_its_own_words(string recorded, string words) =>
        Assert.Equal(words, ChangeText.Of(AuditActions.ChannelEdited, Assert.Single(RecordedChange.Read(recorded)), _clock).ToString());

    [Fact]
    public void An_action_that_says_it_all_has_no_changes() => Assert.Empty(RecordedChange.Read(null));

    private sealed class Nobody : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() => throw new NotSupportedException();
    }
}
