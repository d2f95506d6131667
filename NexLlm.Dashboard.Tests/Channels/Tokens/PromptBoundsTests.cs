using System.Text;
using System.Text.Json;
using Microsoft.ML.Tokenizers;
using NexLlm.Dashboard.Channels.Tokens;

namespace NexLlm.Dashboard.Tests.Channels.Tokens;

/// <summary>What counting costs at most, and that the bounds it gives instead hold.</summary>
public sealed class PromptBoundsTests
{
    private static readonly JsonSerializerOptions _unescaped = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly TokenCounter _tokens = new();
    private static readonly PromptCounter _counter = new(_tokens);

    public static TheoryData<string> Texts =>
    [
        string.Concat(Enumerable.Repeat("The quick brown fox, so they say, doesn't jump over 12 lazy dogs. ", 2_000)),
        string.Concat(Enumerable.Repeat("Größe und Übermaß der Straße — 東京都は大きい。 ", 2_000)),
        string.Concat(Enumerable.Repeat("say \"hello\"\n\tand \\ leave ", 3_000)),
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_long_text_has_in_pieces_what_it_has_as_a_whole(string text)
    {
        foreach (var body in (byte[][])[Body(text), Encoding.UTF8.GetBytes($$"""{"prompt":{{JsonSerializer.Serialize(text)}}}""")])
        {
            var count = _counter.Count(body, long.MaxValue);

            Assert.InRange(count.Tokens - 3, _tokens.Count(text), _tokens.Count(text) * 1.002);
            Assert.Equal(0, count.OtherBytes);
        }
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void What_is_measured_bounds_what_would_be_counted(string text)
    {
        var body = Body(text);
        var exact = _counter.Count(body, long.MaxValue).Tokens;
        foreach (var most in (long[])[0, 1_000, 50_000])
        {
            var count = _counter.Count(body, most);

            Assert.InRange(exact, count.AtLeast, count.AtMost);
            Assert.InRange(count.CountedBytes, 0, most + 16_384);
            Assert.InRange(count.Estimate, exact / 2, exact * 2);
        }
    }

    [Fact]
    public void Nothing_is_counted_any_more_once_there_are_too_many()
    {
        var count = _counter.Count(Body(Texts.First().Data), long.MaxValue, mostTokens: 100);

        Assert.InRange(count.AtMost, 101, long.MaxValue);
        Assert.InRange(count.CountedBytes, 1, 16_384);
    }

    /// <summary>Pieces are cut nowhere that makes less of a text, whatever it is made of.</summary>
    [Theory]
    [InlineData("\\\"")]
    [InlineData("\\\\")]
    [InlineData("\\u0041")]
    [InlineData("\\ud83d\\ude00")]
    [InlineData("\\n\\\"")]
    public void Text_that_is_nothing_but_escapes_cannot_hide(string escape)
    {
        for (var shift = 0; shift < 12; shift++)
        {
            var body = Encoding.UTF8.GetBytes($$"""{"prompt":"{{new string('a', shift)}}{{string.Concat(Enumerable.Repeat(escape, 60_000 / escape.Length))}}"}""");
            using var json = JsonDocument.Parse(body);
            // Other cuts, other tokens: none of them exact, so far from any usual text.
            var least = _tokens.Count(json.RootElement.GetProperty("prompt").GetString()) * 0.98;

            Assert.InRange(_counter.Count(body, long.MaxValue).Tokens, least, body.Length);
        }
    }

    [Fact]
    public void No_token_of_the_vocabulary_is_longer_than_the_floor_takes_it_to_be()
    {
        var tokenizer = TiktokenTokenizer.CreateForEncoding("o200k_base");
        var longest = 0;
        for (var run = 1; run <= 400; run++)
        {
            foreach (var sign in " -=*#_\n./\t~")
            {
                var first = tokenizer.EncodeToTokens(new string(sign, run), out _)[0];
                longest = Math.Max(longest, Encoding.UTF8.GetByteCount(first.Value));
            }
        }

        for (var id = 0; id < 199_998; id++)
        {
            longest = Math.Max(longest, Encoding.UTF8.GetByteCount(tokenizer.Decode([id]) ?? ""));
        }

        Assert.InRange(longest, 1, TokenCounter.LongestToken);
    }

    private static byte[] Body(string text) => JsonSerializer.SerializeToUtf8Bytes(new { prompt = text }, _unescaped);
}
