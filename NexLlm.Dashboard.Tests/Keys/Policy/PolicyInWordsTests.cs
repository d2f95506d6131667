using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Tests.Keys.Policy;

public sealed class PolicyInWordsTests
{
    private static readonly TimeZoneInfo _berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
    private static readonly KeyPolicy _unrestricted = KeyPolicy.Unrestricted(1);

    [Fact]
    public void An_unrestricted_key() => Assert.Equal(
        [
            "All available models",
            "Any IP address",
            "Never expires",
            "Uses the account's overall quota",
            "Group: default",
        ],
        PolicyInWords.Describe(_unrestricted, "default", 1.0m, _berlin));

    [Fact]
    public void A_key_with_every_option_set()
    {
        Assert.True(IpAllowlist.TryParse("203.0.113.7\n198.51.100.0/24", out var ips, out _));
        var lastDay = new Expiration(new DateTimeOffset(2027, 2, 21, 23, 0, 0, TimeSpan.Zero));
        var policy = new KeyPolicy(lastDay, 1_250_000, ModelRestriction.Only(["gpt-4o", "gpt-4o-mini"]), ips, 1);

        Assert.Equal(
            [
                "Only gpt-4o and gpt-4o-mini",
                "Only from 2 IP ranges",
                "Valid through 21 February 2027",
                "Up to 1.25 million tokens",
                "Group: premium (1 token is charged as 1.5)",
            ],
            PolicyInWords.Describe(policy, "premium", 1.500000m, _berlin));
        Assert.Equal("Expires 21 February 2027, 23:00 (UTC)", PolicyInWords.Describe(policy, "premium", 1, TimeZoneInfo.Utc)[2]);
    }

    [Theory]
    [InlineData("a", "Only a")]
    [InlineData("a b", "Only a and b")]
    [InlineData("a b c", "Only a, b and c")]
    [InlineData("a b c d", "Only a, b, c and 1 more")]
    [InlineData("", "No models")]
    public void Models_are_named_up_to_three(string models, string expected)
    {
        var restriction = ModelRestriction.Only(models.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(expected, PolicyInWords.Describe(_unrestricted with { Models = restriction }, "default", 1, _berlin)[0]);
    }

    [Theory]
    [InlineData("""["203.0.113.7"]""", "Only from 203.0.113.7")]
    [InlineData("""["198.51.100.0/24"]""", "Only from 198.51.100.0/24")]
    [InlineData("""["203.0.113.7","::1"]""", "Only from 2 IP addresses")]
    [InlineData("[]", "No IP address")]
    public void Addresses_are_counted_and_one_is_named(string stored, string expected) => Assert.Equal(
        expected,
        PolicyInWords.Describe(_unrestricted with { Ips = IpAllowlist.FromStored(stored) }, "default", 1, _berlin)[1]);
}
