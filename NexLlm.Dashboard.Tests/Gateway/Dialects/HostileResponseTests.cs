using System.Globalization;
using System.Text;
using CsCheck;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Tokens;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Gateway.Dialects;

/// <summary>Upstreams that lie, stammer or send anything but an answer.</summary>
public sealed class HostileResponseTests
{
    private const long Most = 1L << 53;

    private static readonly TokenCounter _tokens = new();

    private static readonly string[] _answers =
    [
        """{"choices":[{"index":0,"delta":{"content":"a \u00e9 \ud83d\ude00 \\ \" \n"},"finish_reason":null}],"usage":{"prompt_tokens":12,"completion_tokens":34}}""",
        """{"type":"response.completed","response":{"output":[{"content":[{"text":"a"}]}],"usage":{"input_tokens":7,"output_tokens":8}}}""",
        """{"type":"message_start","message":{"usage":{"input_tokens":1,"cache_read_input_tokens":2,"cache_creation_input_tokens":3}}}""",
        """{"type":"message_delta","usage":{"output_tokens":8},"delta":{"text":"\u"}}""",
        """{"data":[{"embedding":[0.1,0.2]}],"content":[{"input":{"a":["b"]}}],"output":[{"text":"c"}],"usage":{"prompt_tokens":3}}""",
    ];

    private static readonly Gen<string> _figure = Gen.Frequency(
        (3, Gen.Long.Select(n => n.ToString(CultureInfo.InvariantCulture))),
        (2, Gen.Int[-3, 3].Select(n => (Most + n).ToString(CultureInfo.InvariantCulture))),
        (2, Gen.Double.Select(n => double.IsFinite(n) ? n.ToString("R", CultureInfo.InvariantCulture) : "1e400")),
        (1, Gen.Select(Gen.Int[-20, 20], Gen.Int[-400, 400]).Select((n, exponent) => $"{n}e{exponent}")),
        (1, Gen.Int[0, 60].Select(digits => $"-{new string('9', digits + 1)}")),
        (1, Gen.Long.Select(n => $"\"{n}\"")));

    private static readonly Gen<byte[]> _garbage = Gen.Frequency(
        (1, Gen.Byte.Array[0, 200]),
        // Answers as they should be, with some bytes changed, as an event or as they are.
        (4, Gen.Select(Gen.Int[0, _answers.Length - 1], Gen.Select(Gen.Int[0, 1_000], Gen.Byte).Array[0, 4], Gen.Bool).Select((which, changes, isEvent) =>
        {
            var answer = Encoding.UTF8.GetBytes(isEvent ? $"event: a\r\ndata: {_answers[which]}\r\n\r\n" : _answers[which]);
            foreach (var (at, with) in changes) answer[at % answer.Length] = with;
            return answer;
        })));

    [Fact]
    public void A_figure_is_as_it_was_sent_or_none() =>
        Gen.Select(_figure, _figure).Sample(
            (input, output) =>
            {
                var chat = Answers.Whole(UpstreamApi.ChatCompletions, $$$"""{"usage":{"prompt_tokens":{{{input}}},"completion_tokens":{{{output}}} } }""");
                var message = Answers.Stream(UpstreamApi.Messages,
                    $$$"""data: {"type":"message_start","message":{"usage":{"input_tokens":{{{input}}},"output_tokens":1} } }""" + "\n\n"
                    + $$$"""data: {"type":"message_delta","usage":{"output_tokens":{{{output}}} } }""" + "\n\n");
                var both = Figure(input) is not null && Figure(output) is not null;
                Assert.Equal(both ? (Figure(input) is 0 ? null : Figure(input), Figure(output)) : (null, null), chat.Usage);
                Assert.Equal(Figure(output), message.Output);
            },
            iter: Scale.Of(5_000, 100_000));

    [Fact]
    public void Nothing_that_comes_makes_a_reader_throw_or_a_figure_go_out_of_range() =>
        Gen.Select(Bodies.AnyApi, _garbage.Array[1, 4], Gen.Int[0, 2_000].Array[0, 5]).Sample(
            (api, parts, cuts) =>
            {
                var all = parts.SelectMany(part => part).ToArray();
                foreach (var read in new[] { Answers.Stream(api, Answers.Cut(all, cuts)), Answers.Whole(api, Answers.Cut(all, cuts)) })
                {
                    Assert.InRange(read.Input ?? 0, 0, Most);
                    Assert.InRange(read.Output ?? 0, 0, Most);
                    Assert.InRange(_tokens.Count(read.Text), 0, all.Length);
                }
            },
            iter: Scale.Of(2_000, 100_000));

    /// <summary>What a figure stands for, told without the reader.</summary>
    private static long? Figure(string written) =>
        decimal.TryParse(written.Trim('"'), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number == decimal.Truncate(number) && number is >= 0 and <= Most ? (long)number : null;
}
