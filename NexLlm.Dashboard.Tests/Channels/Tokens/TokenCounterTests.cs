using System.Diagnostics;
using System.Text;
using CsCheck;
using Microsoft.ML.Tokenizers;
using NexLlm.Dashboard.Channels.Tokens;

namespace NexLlm.Dashboard.Tests.Channels.Tokens;

public sealed class TokenCounterTests
{
    private static readonly TokenCounter _counter = new();

    private static readonly Gen<string> _text = Gen.Frequency(
        (4, Gen.String[Gen.Char[" abcdeéñ漢字、。'’-.,!?0123456789\n\t😀"], 0, 900]),
        (1, Gen.String[Gen.Char['a', 'c'], 0, 2_000]),
        (1, Gen.String));

    /// <summary>The figures that OpenAI's own tokenizer gives for o200k_base.</summary>
    [Theory]
    [InlineData("", 0)]
    [InlineData("hello world", 2)]
    [InlineData("Hello, world!", 4)]
    [InlineData("tiktoken is great!", 6)]
    [InlineData("antidisestablishmentarianism", 6)]
    [InlineData("2 + 2 = 4", 7)]
    [InlineData("お誕生日おめでとう", 8)]
    public void Texts_have_the_tokens_that_o200k_base_gives_them(string text, int tokens) => Assert.Equal(tokens, _counter.Count(text));

    [Fact]
    public void A_long_text_is_counted_as_exactly_as_a_short_one()
    {
        var whole = TiktokenTokenizer.CreateForEncoding("o200k_base");
        Gen.OneOf("it's", "a", "well-known", "fact", "(of", "life):", "über", "naïve", "42", "don't", "—", "\n\n", "漢字", "x.y", "\"so\"", "日本語、", "e-mail")
            .Array[0, 800].Select(words => string.Join(' ', words))
            .Sample(text => Assert.Equal(whole.CountTokens(text), _counter.Count(text)), iter: 100);
    }

    [Fact]
    public void A_text_never_has_more_tokens_than_bytes() =>
        _text.Sample(text => Assert.InRange(_counter.Count(text), 0, Encoding.UTF8.GetByteCount(text)), iter: 300);

    [Fact]
    public void What_fits_is_a_beginning_of_the_text_with_at_most_so_many_tokens_and_all_of_it_if_it_can_be() =>
        Gen.Select(_text, Gen.Int[1, 400]).Sample(
            (text, most) =>
            {
                var (length, tokens) = _counter.Fit(text, most);
                Assert.InRange(tokens, 0, most);
                Assert.InRange(length, 0, text.Length);
                Assert.True(length == text.Length || tokens > most - 4, "More would have fitted.");
                Assert.Equal((text.Length, _counter.Count(text)), _counter.Fit(text, int.MaxValue));
            },
            iter: 300);

    [Theory]
    [InlineData("漢")]
    [InlineData("a")]
    [InlineData(" ")]
    [InlineData("😀")]
    public void A_word_without_end_takes_no_time_without_end(string part)
    {
        // The tokenizer's own way through 400,000 such characters takes minutes.
        var since = Stopwatch.GetTimestamp();
        Assert.InRange(_counter.Count(string.Concat(Enumerable.Repeat(part, 400_000 / part.Length))), 1_000, 400_000);
        Assert.True(Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(30));
    }
}
