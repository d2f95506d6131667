using System.Text;
using CsCheck;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Gateway.Json;
using NexLlm.Dashboard.Tests.TestKit;
using static NexLlm.Dashboard.Channels.UpstreamApi;

namespace NexLlm.Dashboard.Tests.Gateway.Dialects;

public sealed class ResponseStreamTests
{
    private static readonly string[] _lines = ["\n", "\r\n", "\r"];

    public static TheoryData<UpstreamApi, string> Streams => new()
    {
        { ChatCompletions, SampleStreams.Chat },
        { Messages, SampleStreams.Messages },
        { Responses, SampleStreams.Responses },
    };

    [Fact]
    public void A_chat_is_read_on_its_way()
    {
        var read = Answers.Stream(ChatCompletions, SampleStreams.Chat);

        Assert.Equal("PPPPPPDF", read.Kinds);
        Assert.Equal((12, 34), read.Usage);
        Assert.Equal("Hello \"wörld\" 😀f{}whyno", read.Text);
        Assert.Equal(8, read.Deltas);
    }

    [Fact]
    public void A_message_is_read_on_its_way()
    {
        var read = Answers.Stream(Messages, SampleStreams.Messages);

        Assert.Equal("PPPPPPPPF", read.Kinds);
        Assert.Equal((60, 15), read.Usage);
        Assert.Equal("Hif{\"a\":1}hm", read.Text);
    }

    [Fact]
    public void A_response_is_read_on_its_way()
    {
        var read = Answers.Stream(Responses, SampleStreams.Responses);

        Assert.Equal("PPPPF", read.Kinds);
        Assert.Equal((7, 8), read.Usage);
        Assert.Equal("Hi{}", read.Text);
    }

    [Fact]
    public void A_completion_is_read_on_its_way()
    {
        var read = Answers.Stream(Completions, """
            data: {"choices":[{"index":0,"text":"Hel","logprobs":{"tokens":["Hel"]}}]}

            data: {"choices":[{"index":0,"text":"lo"}],"usage":{"prompt_tokens":1,"completion_tokens":2}}

            data: [DONE]


            """);

        Assert.Equal(("PPF", "Hello"), (read.Kinds, read.Text));
        Assert.Equal((1, 2), read.Usage);
    }

    [Theory]
    [InlineData("""{"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}""", SseAction.Drop)]
    [InlineData("""{"usage":{"prompt_tokens":1,"completion_tokens":2},"choices":[ ]}""", SseAction.Drop)]
    [InlineData("""{"choices":[],"usage":{"prompt_tokens":-1}}""", SseAction.Drop)]
    [InlineData("""{"choices":[{"delta":{}}],"usage":{"prompt_tokens":1,"completion_tokens":2}}""", SseAction.Pass)]
    [InlineData("""{"choices":[1],"usage":{"prompt_tokens":1,"completion_tokens":2}}""", SseAction.Pass)]
    [InlineData("""{"choices":[],"usage":null}""", SseAction.Pass)]
    [InlineData("""{"choices":[],"prompt_filter_results":[]}""", SseAction.Pass)]
    [InlineData("""{"usage":{"prompt_tokens":1,"completion_tokens":2}}""", SseAction.Drop)]
    [InlineData("""{"choices":null,"usage":{"prompt_tokens":1,"completion_tokens":2}}""", SseAction.Drop)]
    [InlineData("""{"error":{"message":"a"},"usage":{"prompt_tokens":1,"completion_tokens":2}}""", SseAction.Trim)]
    [InlineData("""{"error":{"message":"a"}}""", SseAction.Pass)]
    public void Only_the_chunk_that_has_nothing_but_usage_is_dropped(string chunk, SseAction kind)
    {
        using var reader = ResponseReader.Rent(ChatCompletions, dropUsage: true);
        using var asked = ResponseReader.Rent(ChatCompletions, dropUsage: false);
        var bytes = Encoding.UTF8.GetBytes($"data: {chunk}\n\n");

        Assert.Equal(bytes.Length, reader.NextEvent(bytes, out var seen));
        Assert.Equal(kind, seen);
        asked.NextEvent(bytes, out seen);
        Assert.Equal(SseAction.Pass, seen);
        Assert.Equal(reader.InputTokens, asked.InputTokens);
    }

    [Theory]
    [InlineData("""{"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2},"timings":{"predicted_ms":1}}""", """{"choices":[],"timings":{"predicted_ms":1}}""")]
    [InlineData("""{ "usage" : {"prompt_tokens":1,"completion_tokens":2} , "choices":[],"citations":["https://example.com"]}""", """{ "choices":[],"citations":["https://example.com"]}""")]
    [InlineData("""{"id":"c","choices":[], "citations":[], "usage":{"prompt_tokens":1,"completion_tokens":2}}""", """{"id":"c","choices":[], "citations":[]}""")]
    [InlineData("""{"id":"c","choices":[],"x":null,"usage":{"prompt_tokens":1,"completion_tokens":2},"x_groq":{"id":"r"}}""", """{"id":"c","choices":[],"x":null,"x_groq":{"id":"r"}}""")]
    public void Of_a_chunk_that_has_more_than_usage_only_the_usage_is_taken_out(string chunk, string passed)
    {
        var before = "event: x\r\nid: 7\r\ndata: ";

        var read = Answers.Stream(ChatCompletions, $"{before}{chunk}\r\n\r\n");

        Assert.Equal(($"{before}{passed}\r\n\r\n", "T"), (read.Forwarded, read.Kinds));
        Assert.Equal((1, 2), read.Usage);
        Assert.Equal($"{before}{passed}", Answers.Stream(ChatCompletions, before + chunk).Forwarded);
        Assert.Contains(chunk, Answers.Stream(ChatCompletions, $"data: {chunk}\n\n", dropUsage: false).Forwarded, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Messages, """{"type":"message_delta","usage":{"output_tokens":2}}""")]
    [InlineData(Responses, """{"type":"response.in_progress","usage":{"output_tokens":2}}""")]
    public void Usage_that_an_API_tells_by_itself_passes(UpstreamApi api, string e) => Assert.Equal("P", Answers.Stream(api, $"data: {e}\n\n").Kinds);

    [Theory]
    [InlineData("""{"id":"c","object":"o","created":1,"model":"m","service_tier":"a","system_fingerprint":"f","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}""")]
    [InlineData("""{"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2},"timings":null}""")]
    public void What_every_chunk_repeats_is_not_more(string chunk) => Assert.Equal("D", Answers.Stream(ChatCompletions, $"data: {chunk}\n\n").Kinds);

    [Theory]
    [InlineData("\n")]
    [InlineData("\n\n\n")]
    [InlineData("\r\n")]
    [InlineData(": keep-alive\n")]
    [InlineData(":\r\n")]
    [InlineData(": a\n\n: b\n")]
    [InlineData("data: 1\n\n: OPENROUTER PROCESSING\n")]
    public void What_keeps_a_stream_alive_passes_before_anything_follows(string idle)
    {
        using var reader = ResponseReader.Rent(ChatCompletions, dropUsage: true);
        var unread = Encoding.UTF8.GetBytes(idle).AsSpan();
        while (!unread.IsEmpty)
        {
            var length = reader.NextEvent(unread, out var kind);
            Assert.Equal(SseAction.Pass, kind);
            unread = unread[length..];
        }
    }

    [Fact]
    public void A_blank_line_after_a_dropped_chunk_keeps_the_stream_alive_all_the_same()
    {
        const string usage = """data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}""";

        Assert.Equal("\n: a\n\n", Answers.Stream(ChatCompletions, $"{usage}\n\n\n: a\n\n").Forwarded);
        Assert.Equal("", Answers.Stream(ChatCompletions, Encoding.UTF8.GetBytes($"{usage}\r\n\r\n").Select(b => new[] { b })).Forwarded);
    }

    [Theory]
    [InlineData("response.completed", "F")]
    [InlineData("response.incomplete", "F")]
    [InlineData("response.failed", "F")]
    [InlineData("response.in_progress", "P")]
    public void A_response_ends_with_the_event_that_tells_how(string type, string kind)
    {
        var usage = """ "response":{"usage":{"input_tokens":1,"output_tokens":2}} """;

        var read = Answers.Stream(Responses, $$"""data: { {{usage}},"type":"{{type}}"}""" + "\n\n");
        var named = Answers.Stream(Responses, $"event:{type}\ndata: {{}}\n\n");

        Assert.Equal((kind, kind), (read.Kinds, named.Kinds));
        // Figures of an event that is not the last are not yet those of the answer.
        Assert.Equal(kind == "F" ? (1, 2) : (null, null), read.Usage);
    }

    [Theory]
    [InlineData("data:[DONE]\n\n")]
    [InlineData("data: [DONE] \r\n\r\n")]
    [InlineData("data: [DONE]\r\r")]
    [InlineData("event: a\nid: 1\ndata: [DONE]\nretry: 1\n\n")]
    public void The_end_is_known_however_it_is_written(string end) => Assert.Equal("F", Answers.Stream(ChatCompletions, end).Kinds);

    [Theory]
    [InlineData("data: {\"choices\":[{\"text\":\ndata: \"a\"}]}\n\n")]
    [InlineData("data:{\"choices\":[{\ndata:\"text\":\ndata:\ndata\ndata:\"a\"}]}\n\n")]
    [InlineData("\uFEFFdata: {\"choices\":[{\"text\":\"a\"}]}\n\n")]
    [InlineData(": c\r\ndata: {\"choices\":\r\n: c\r\ndata: [{\"text\":\"a\"}]}\r\n\r\n")]
    public void Data_is_put_together_as_the_standard_says(string stream) => Assert.Equal("a", Answers.Stream(Completions, stream).Text);

    [Fact]
    public void What_ends_without_a_blank_line_is_read_all_the_same()
    {
        var read = Answers.Stream(ChatCompletions, """data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}""");

        Assert.Equal((1, 2), read.Usage);
        Assert.Empty(read.Forwarded);
    }

    [Theory]
    [InlineData("\n", "PP")]
    [InlineData("\r\n", "PP")]
    [InlineData("\r", "PP")]
    public void Events_go_on_at_their_blank_line_without_waiting_for_more(string line, string kinds)
    {
        var stream = $"data: 1{line}{line}:{line}{line}";
        var parts = Encoding.UTF8.GetBytes(stream).Select(b => new[] { b });

        Assert.Equal(kinds, Answers.Stream(ChatCompletions, stream).Kinds);
        Assert.Equal(stream, Answers.Stream(ChatCompletions, parts).Forwarded);
        Assert.Equal("P", Answers.Stream(ChatCompletions, $"data: 1{line}{line}data: 2{line}").Kinds);
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void A_stream_is_the_same_however_it_is_cut(UpstreamApi api, string stream)
    {
        Gen.Select(Gen.Int[0, 10_000].Array[0, 40], Gen.Int[0, 2].Select(i => _lines[i]), Gen.Bool).Sample(
            (cuts, line, dropUsage) =>
            {
                var whole = Encoding.UTF8.GetBytes(stream.Replace("\n", line, StringComparison.Ordinal));
                var expected = Answers.Stream(api, [whole], dropUsage);
                var read = Answers.Stream(api, Answers.Cut(whole, cuts), dropUsage);
                return read == expected && read.Usage == Answers.Stream(api, stream).Usage;
            },
            iter: Scale.Of(300, 20_000));
    }

    [Fact]
    public void An_event_beyond_16_MB_is_given_up()
    {
        using var reader = ResponseReader.Rent(ChatCompletions, dropUsage: true);
        var huge = new byte[ResponseReader.LongestEvent + 1];
        huge.AsSpan().Fill((byte)'a');

        Assert.Equal(0, reader.NextEvent(huge.AsSpan(0, ResponseReader.LongestEvent), out var kind));
        Assert.Equal(SseAction.Incomplete, kind);
        Assert.Equal(0, reader.NextEvent(huge, out kind));
        Assert.Equal(SseAction.TooLarge, kind);
    }

    [Fact]
    public void A_long_event_in_small_parts_is_looked_through_once()
    {
        using var reader = ResponseReader.Rent(ChatCompletions, dropUsage: true);
        var huge = new byte[8 * 1024 * 1024];
        huge.AsSpan().Fill((byte)'a');
        "data: "u8.CopyTo(huge);
        "\n\n"u8.CopyTo(huge.AsSpan(huge.Length - 2));

        // 32,768 parts: looked through anew at each, these would be 137 GB.
        for (var end = 256; end < huge.Length; end += 256)
            Assert.Equal(0, reader.NextEvent(huge.AsSpan(0, end), out _));
        Assert.Equal(huge.Length, reader.NextEvent(huge, out var kind));
        Assert.Equal(SseAction.Pass, kind);
    }
}
