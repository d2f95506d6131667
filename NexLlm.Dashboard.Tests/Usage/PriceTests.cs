using CsCheck;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Tests.TestKit;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Tests.Usage;

public sealed class PriceTests
{
    [Theory]
    [InlineData(0, 0, 1_000_000, 0)]
    [InlineData(1, 0, 1, 1)]
    [InlineData(1, 2, 500_000, 2)]
    [InlineData(1_000_000, 0, 1, 1)]
    [InlineData(1_000_001, 0, 1, 2)]
    [InlineData(-5, 7, 1_000_000, 7)]
    [InlineData(long.MaxValue, long.MaxValue, long.MaxValue, long.MaxValue)]
    [InlineData(TokenQuota.MaxTokens, 0, 1_000_000, TokenQuota.MaxTokens)]
    [InlineData(TokenQuota.MaxTokens, 1, 1_000_000, long.MaxValue)]
    public void The_price_is_rounded_up_once_and_never_overflows(long input, long output, long ratio, long charged) =>
        Assert.Equal(charged, Price.Of(input, output, ratio));

    [Fact]
    public void What_is_affordable_costs_no_more_than_there_is_and_one_token_more_does() =>
        Gen.Select(Gen.Long[0, TokenQuota.MaxTokens], Gen.OneOf(Gen.Long[1, 3_000_000], Gen.Long[1, long.MaxValue])).Sample(
            (room, ratio) =>
            {
                var tokens = Price.Affordable(room, ratio);
                return Price.Of(tokens, 0, ratio) <= room && (tokens == long.MaxValue || Price.Of(tokens, 1, ratio) > room);
            },
            iter: Scale.Of(10_000, 1_000_000));
}
