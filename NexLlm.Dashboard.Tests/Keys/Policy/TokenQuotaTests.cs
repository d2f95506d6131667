using System.Globalization;
using System.Numerics;
using CsCheck;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Tests.Keys.Policy;

public sealed class TokenQuotaTests
{
    private static readonly Gen<long> _numbers = Gen.OneOf(
        Gen.Long,
        Gen.Long[-3, 3],
        Gen.Long[0, TokenQuota.MaxTokens],
        Gen.OneOf<long>(long.MinValue, long.MaxValue, TokenQuota.MaxTokens, TokenQuota.MaxTokens + 1));

    [Theory]
    [InlineData(10L, 0, 0, 10L, 10L, false)]
    [InlineData(10L, 4, 3, 6L, 3L, false)]
    [InlineData(10L, 4, 6, 6L, 0L, false)]
    [InlineData(10L, 10, 0, 0L, 0L, true)]
    [InlineData(10L, 12, 5, 0L, 0L, true)]
    [InlineData(0L, 0, 0, 0L, 0L, true)]
    [InlineData(null, 12, 5, null, null, false)]
    public void What_is_left_is_never_below_zero_and_nothing_left_is_exhausted(
        long? limit, long used, long reserved, long? remaining, long? available, bool exhausted)
    {
        var quota = new TokenQuota(limit, used, reserved);
        Assert.Equal((remaining, available, exhausted), (quota.Remaining, quota.Available, quota.IsExhausted));
    }

    [Fact]
    public void No_numbers_whatever_overflow_or_enlarge_what_is_left() =>
        Gen.Select(_numbers, _numbers, _numbers, _numbers).Sample(
            (limit, used, reserved, tokens) =>
            {
                var remaining = BigInteger.Max(0, BigInteger.Max(0, limit) - BigInteger.Max(0, used));
                var available = BigInteger.Max(0, remaining - BigInteger.Max(0, reserved));
                var quota = new TokenQuota(limit, used, reserved);

                Assert.Equal(remaining, quota.Remaining!.Value);
                Assert.Equal(available, quota.Available!.Value);
                Assert.Equal(remaining == 0, quota.IsExhausted);
                var sane = tokens is >= 0 and <= TokenQuota.MaxTokens;
                Assert.Equal(sane && BigInteger.Max(1, tokens) <= available, quota.Fits(tokens));
                Assert.Equal(sane && BigInteger.Max(1, tokens) <= remaining, quota.FitsWithoutReservations(tokens));
                Assert.Equal(sane, (quota with { Limit = null }).Fits(tokens));
                Assert.InRange(quota.UsedFraction!.Value, 0, 1);
            },
            iter: 100_000);

    [Fact]
    public void A_request_of_no_tokens_needs_one()
    {
        Assert.True(new TokenQuota(1, 0).Fits(0));
        Assert.False(new TokenQuota(1, 1).Fits(0));
        Assert.False(new TokenQuota(1, 0, 1).Fits(0));
        Assert.True(new TokenQuota(1, 0, 1).FitsWithoutReservations(0));
    }

    [Theory]
    [InlineData(10L, 0, 0.0)]
    [InlineData(10L, 7, 0.7)]
    [InlineData(10L, 12, 1.0)]
    [InlineData(0L, 0, 1.0)]
    [InlineData(null, 12, null)]
    public void The_used_part_lies_between_zero_and_one(long? limit, long used, double? expected) =>
        Assert.Equal(expected, new TokenQuota(limit, used).UsedFraction);

    [Theory]
    [InlineData("1", 1)]
    [InlineData("250000", 250_000)]
    [InlineData(" 007 ", 7)]
    [InlineData("1,000,000", 1_000_000)]
    [InlineData("1_000_000", 1_000_000)]
    [InlineData("1 000 000", 1_000_000)]
    [InlineData("1\u00A0000\u00A0000", 1_000_000)]
    [InlineData("1\u202F000\u202F000", 1_000_000)]
    [InlineData("1\u2009000", 1_000)]
    [InlineData("1'000'000", 1_000_000)]
    [InlineData("1\u2019000", 1_000)]
    [InlineData("\uFEFF250000\u200B", 250_000)]
    [InlineData("2\u00A0M", 2_000_000)]
    [InlineData("10,000", 10_000)]
    [InlineData("1K", 1_000)]
    [InlineData("1.5M", 1_500_000)]
    [InlineData("1.5m", 1_500_000)]
    [InlineData("2 B", 2_000_000_000)]
    [InlineData("0.5k", 500)]
    [InlineData("1.50000000000000000000000000000000000M", 1_500_000)]
    [InlineData("1.000001M", 1_000_001)]
    [InlineData("1T", 1_000_000_000_000)]
    [InlineData("1000T", TokenQuota.MaxTokens)]
    [InlineData("1,000,000,000,000,000", TokenQuota.MaxTokens)]
    public void A_number_of_tokens_may_be_typed_in_these_ways(string text, long expected)
    {
        Assert.True(TokenQuota.TryParseTokens(text, out var tokens, out var error));
        Assert.Equal(expected, tokens);
        Assert.Null(error);
    }

    [Theory]
    [InlineData(null, "Enter a whole number")]
    [InlineData("", "Enter a whole number")]
    [InlineData("-1", "Enter a whole number")]
    [InlineData("+1", "Enter a whole number")]
    [InlineData("1.5", "Enter a whole number")]
    [InlineData("1e6", "Enter a whole number")]
    [InlineData("0x10", "Enter a whole number")]
    [InlineData("1.000.000", "Enter a whole number")]
    [InlineData("many", "Enter a whole number")]
    [InlineData("1MM", "Enter a whole number")]
    [InlineData("1,000K", "Enter a whole number")]
    [InlineData(".5M", "Enter a whole number")]
    [InlineData("1.M", "Enter a whole number")]
    [InlineData("∞", "Enter a whole number")]
    [InlineData("１２３", "Enter a whole number")]
    [InlineData("1\u212A", "Enter a whole number")] // the Kelvin sign, which case-folding takes for a K
    [InlineData("1,00", "groups of three")]
    [InlineData("1000,000", "groups of three")]
    [InlineData("1,000_000", "groups of three")]
    [InlineData("1,,000", "groups of three")]
    [InlineData("1,000,", "groups of three")]
    [InlineData("0", "at least 1 token")]
    [InlineData("0.0M", "at least 1 token")]
    [InlineData("1.2345K", "1.2345K is not a whole number")]
    [InlineData("0.00000000000000000000000000000000001K", "is not a whole number")]
    [InlineData("1.00000000000000000000000000000000001K", "is not a whole number")]
    [InlineData("1000000000000001", "at most 1,000,000,000,000,000")]
    [InlineData("1001T", "at most 1,000,000,000,000,000")]
    [InlineData("99999999999999999999999999999999999999999", "at most 1,000,000,000,000,000")]
    [InlineData("9223372036854775807B", "at most 1,000,000,000,000,000")]
    public void Any_other_way_is_refused_by_saying_what_to_type(string? text, string advice)
    {
        Assert.False(TokenQuota.TryParseTokens(text, out var tokens, out var error));
        Assert.Equal(0, tokens);
        Assert.Contains(advice, error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_screen_prints_can_be_typed_again() =>
        Gen.Long[1, TokenQuota.MaxTokens].Sample(
            tokens =>
            {
                var grouped = tokens.ToString("N0", CultureInfo.InvariantCulture);
                Assert.All(
                    [grouped, grouped.Replace(',', '_'), grouped.Replace(',', ' '), $"{tokens}"],
                    text => Assert.True(TokenQuota.TryParseTokens(text, out var parsed, out _) && parsed == tokens));
            },
            iter: 10_000);

    [Theory]
    [InlineData(0, "0 tokens")]
    [InlineData(1, "1 token")]
    [InlineData(950, "950 tokens")]
    [InlineData(1_000, "1 thousand tokens")]
    [InlineData(950_000, "950 thousand tokens")]
    [InlineData(1_000_000, "1 million tokens")]
    [InlineData(1_250_000, "1.25 million tokens")]
    [InlineData(1_234_567, "about 1.23 million tokens")]
    [InlineData(999_999, "about 1 million tokens")]
    [InlineData(2_000_000_000, "2 billion tokens")]
    [InlineData(TokenQuota.MaxTokens, "1,000 trillion tokens")]
    public void A_number_in_words_says_when_it_is_rounded(long tokens, string words) =>
        Assert.Equal(words, TokenQuota.InWords(tokens));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(950, "950")]
    [InlineData(999, "999")]
    [InlineData(1_000, "1K")]
    [InlineData(88_000, "88K")]
    [InlineData(88_450, "88.4K")]
    [InlineData(999_999, "999K")]
    [InlineData(1_240_000, "1.24M")]
    [InlineData(1_249_999, "1.24M")]
    [InlineData(5_000_000, "5M")]
    [InlineData(2_500_000_000, "2.5B")]
    [InlineData(TokenQuota.MaxTokens, "1000T")]
    public void A_number_in_short_has_three_digits(long tokens, string text) =>
        Assert.Equal(text, TokenQuota.Short(tokens));

    [Fact]
    public void A_number_in_short_never_shows_more_than_there_is_and_at_most_a_hundredth_less() =>
        Gen.Long[1, TokenQuota.MaxTokens].Sample(
            tokens => TokenQuota.TryParseTokens(TokenQuota.Short(tokens), out var shown, out _)
                && shown <= tokens
                && shown >= tokens - tokens / 100 - 1,
            iter: 10_000);
}
