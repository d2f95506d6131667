using System.Text;
using CsCheck;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Tokens;
using NexLlm.Dashboard.Gateway.Json;
using NexLlm.Dashboard.Tests.TestKit;
using static NexLlm.Dashboard.Channels.UpstreamApi;

namespace NexLlm.Dashboard.Tests.Gateway.Dialects;

public sealed class ResponseUsageTests
{
    private static readonly TokenCounter _tokens = new();

    public static TheoryData<UpstreamApi, string, string> Wholes => new()
    {
        { ChatCompletions, """{"id":"c","choices":[{"message":{"role":"assistant","content":"Hi \u00e9","annotations":[{"text":"no"}]},"logprobs":{"content":[{"token":"Hi"}]}},{"message":{"content":null,"refusal":"No","tool_calls":[{"id":"t","type":"function","function":{"name":"f","arguments":"{}"}}]}}],"usage":{"prompt_tokens":7,"completion_tokens":8}}""", "Hi éNof{}" },
        { Completions, """{"usage":{"prompt_tokens":7,"completion_tokens":8,"total_tokens":1},"choices":[{"text":"Hi"},{"logprobs":null,"text":"you"}]}""", "Hiyou" },
        { Embeddings, """{"data":[{"embedding":[0.1,-2e-3]},{"embedding":"AAAA"}],"usage":{"prompt_tokens":7,"total_tokens":7}}""", "" },
        { Responses, """{"output":[{"type":"reasoning","summary":[{"type":"summary_text","text":"hm"}]},{"type":"message","content":[{"type":"output_text","text":"Hi","annotations":[{"text":"no"}]}]},{"type":"function_call","name":"f","arguments":"{}"}],"usage":{"input_tokens":7,"output_tokens":8,"output_tokens_details":{"reasoning_tokens":5,"output_tokens":99}}}""", "hmHif{}" },
        { Messages, """{"type":"message","content":[{"type":"text","text":"Hi"},{"type":"tool_use","id":"t","name":"f","input":{"city":"Bern","of":["CH",1]}}],"usage":{"input_tokens":1,"cache_read_input_tokens":2,"cache_creation_input_tokens":4,"output_tokens":8}}""", "HifcityBernofCH" },
    };

    [Theory]
    [MemberData(nameof(Wholes))]
    public void An_answer_in_one_piece_tells_its_usage_and_text(UpstreamApi api, string answer, string text)
    {
        var read = Answers.Whole(api, answer);

        Assert.Equal((7, api is Embeddings ? 0 : 8), read.Usage);
        Assert.Equal(text, read.Text);
    }

    [Theory]
    [MemberData(nameof(Wholes))]
    public void An_answer_is_the_same_however_it_is_cut(UpstreamApi api, string answer, string text)
    {
        var whole = Encoding.UTF8.GetBytes(answer);
        var expected = Answers.Whole(api, answer);
        Assert.Equal(text, expected.Text);

        Gen.Int[0, 10_000].Array[0, 40].Sample(
            cuts => Answers.Whole(api, Answers.Cut(whole, cuts)) == expected,
            iter: Scale.Of(200, 20_000));
        Assert.Equal(expected, Answers.Whole(api, whole.Select(b => new[] { b })));
    }

    [Theory]
    [InlineData(16 * 1024)]
    [InlineData(300_001)]
    public void A_string_of_any_length_is_passed_by_in_bounded_memory(int part)
    {
        var image = string.Concat(Enumerable.Repeat("""iVBO\/w0K\\""", 1_000_000));
        var answer = Encoding.UTF8.GetBytes(
            $$"""{"data" :[{"b64_json" : "{{image}}\\" },{"embedding":"{{image}}"} ],"usage":{"prompt_tokens":7} }""");
        // So that the pools have what they need.
        Read();
        var before = GC.GetAllocatedBytesForCurrentThread();

        var usage = Read();

        Assert.Equal((7, 0), usage);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 4 * 1024 * 1024);

        (long?, long?) Read()
        {
            using var reader = ResponseReader.Rent(Embeddings, dropUsage: true);
            for (var at = 0; at < answer.Length; at += part)
                reader.ReadJson(answer.AsSpan(at, Math.Min(part, answer.Length - at)), last: at + part >= answer.Length);
            return (reader.InputTokens, reader.OutputTokens);
        }
    }

    public static TheoryData<string> Unbelievable =>
    [
        "-1", "-0.5", "1.5", "1e400", "-1e400", "9007199254740993", "9223372036854775807", "9223372036854775808",
        "99999999999999999999999999", "9007199254740993.0", "\"\"", "\"7 \"", "\"-7\"", "\"7.5\"", "\"\\u0037\"", "\"seven\"", "true", "[]", "{}", "[7]",
    ];

    [Theory]
    [MemberData(nameof(Unbelievable))]
    public void A_figure_that_cannot_be_believed_is_none(string figure)
    {
        AnswerRead[] reads =
        [
            Answers.Whole(ChatCompletions, $$$"""{"choices":[],"usage":{"prompt_tokens":{{{figure}}},"completion_tokens":8}}"""),
            Answers.Whole(ChatCompletions, $$$"""{"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":{{{figure}}}}}"""),
            Answers.Whole(Embeddings, $$$"""{"usage":{"prompt_tokens":{{{figure}}}}}"""),
            Answers.Whole(Responses, $$$"""{"usage":{"input_tokens":7,"output_tokens":{{{figure}}}}}"""),
            Answers.Whole(Messages, $$$"""{"usage":{"input_tokens":7,"cache_read_input_tokens":{{{figure}}},"output_tokens":8}}"""),
            Answers.Stream(ChatCompletions, """data: {"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":8}}""" + "\n\n"
                + $$$"""data: {"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":{{{figure}}}}}""" + "\n\n"),
            Answers.Stream(Responses, $$$"""data: {"response":{"usage":{"input_tokens":{{{figure}}},"output_tokens":8} },"type":"response.completed"}""" + "\n\n"),
            Answers.Stream(Messages, $$$"""data: {"type":"message_delta","usage":{"input_tokens":7,"output_tokens":{{{figure}}}}}""" + "\n\n"),
        ];

        Assert.All(reads, read => Assert.Equal((null, null), read.Usage));
    }

    [Theory]
    [InlineData("""{"usage":{"prompt_tokens":7,"prompt_tokens":1,"completion_tokens":8}}""")]
    [InlineData("""{"usage":{"prompt_tokens":7,"completion_tokens":8},"usage":{"prompt_tokens":1,"completion_tokens":1}}""")]
    [InlineData("""{"usage":{"prompt_tokens":7,"completion_tokens":8}""")]
    [InlineData("""{"usage":{"prompt_tokens":7,"completion_tokens":8}}}""")]
    [InlineData("""{"usage":{"prompt_tokens":7,"completion_tokens":8},}""")]
    [InlineData("""[{"usage":{"prompt_tokens":7,"completion_tokens":8}}]""")]
    [InlineData("""{"x":{"usage":{"prompt_tokens":7,"completion_tokens":8}}}""")]
    [InlineData("""{"usage":[{"prompt_tokens":7,"completion_tokens":8}]}""")]
    [InlineData("""{"usage":7}""")]
    [InlineData("""{"usage":{}}""")]
    [InlineData("""{"x_groq":[{"usage":{"prompt_tokens":7,"completion_tokens":8}}]}""")]
    [InlineData("")]
    [InlineData("<html>502 Bad Gateway</html>")]
    public void What_is_no_proper_answer_has_no_usage(string answer) =>
        Assert.Equal((null, null), Answers.Whole(ChatCompletions, answer).Usage);

    [Theory]
    [InlineData("7", "8")]
    [InlineData("7.0", "8.00")]
    [InlineData("7e0", "0.8e1")]
    [InlineData("\"7\"", "\"8\"")]
    [InlineData("\"7.0\"", "\"8e0\"")]
    public void A_whole_number_is_a_figure_however_it_is_written(string input, string output)
    {
        AnswerRead[] reads =
        [
            Answers.Whole(ChatCompletions, $$$"""{"usage":{"prompt_tokens":{{{input}}},"completion_tokens":{{{output}}}}}"""),
            Answers.Stream(Completions, $$$"""data: {"choices":[],"usage":{"prompt_tokens":{{{input}}},"completion_tokens":{{{output}}}}}""" + "\n\n"),
            Answers.Whole(Responses, $$$"""{"usage":{"input_tokens":{{{input}}},"output_tokens":{{{output}}}}}"""),
            Answers.Stream(Messages, $$$"""data: {"type":"message_start","message":{"usage":{"input_tokens":{{{input}}} } } }""" + "\n\n"
                + $$$"""data: {"type":"message_delta","usage":{"output_tokens":{{{output}}}}}""" + "\n\n"),
        ];

        Assert.All(reads, read => Assert.Equal((7, 8), read.Usage));
    }

    public static TheoryData<string> Placeholders =>
        ["{}", "null", "", "{*:0,+:0}", "{*:null,+:null}", "{*:0}", "{+:0}", "{*:0.0,+:\"0\",\"total_tokens\":0}"];

    /// <summary>Servers that tell usage more than once do not always know it the second time, or the first.</summary>
    [Theory]
    [MemberData(nameof(Placeholders))]
    public void A_placeholder_never_replaces_a_figure(string placeholder)
    {
        var chat = Usage("prompt_tokens", "completion_tokens", "\"choices\":[{\"delta\":{}}]");
        var messages = Usage("input_tokens", "output_tokens", "\"type\":\"message_delta\"");
        const string start = """{"type":"message_start","message":{"usage":{"input_tokens":25,"output_tokens":1}}}""";
        const string real = """{"choices":[],"usage":{"prompt_tokens":25,"completion_tokens":7,"total_tokens":32}}""";
        AnswerRead[] reads =
        [
            Stream(ChatCompletions, real, chat), Stream(ChatCompletions, chat, real), Stream(ChatCompletions, chat, real, chat, chat),
            Stream(Completions, chat, real, chat),
            Stream(Messages, start, messages, """{"type":"message_delta","usage":{"output_tokens":7}}"""),
            Stream(Messages, start, """{"type":"message_delta","usage":{"output_tokens":7}}""", messages),
            Stream(Messages, start, """{"type":"message_delta","usage":{"input_tokens":0,"output_tokens":7}}"""),
            Stream(Messages, """{"type":"message_start","message":{"usage":{"input_tokens":0,"output_tokens":0}}}""", messages,
                """{"type":"message_delta","usage":{"input_tokens":25,"output_tokens":7}}"""),
        ];

        Assert.All(reads, read => Assert.Equal((25, 7), read.Usage));

        static AnswerRead Stream(UpstreamApi api, params string[] events) =>
            Answers.Stream(api, string.Concat(events.Select(e => $"data: {e}\n\n")));

        string Usage(string input, string output, string more) => placeholder.Length == 0
            ? $"{{{more}}}"
            : $"{{{more},\"usage\":{placeholder.Replace("*", $"\"{input}\"", StringComparison.Ordinal).Replace("+", $"\"{output}\"", StringComparison.Ordinal)}}}";
    }

    [Fact]
    public void No_request_is_without_a_prompt_so_one_of_0_is_none()
    {
        AnswerRead[] reads =
        [
            Answers.Whole(ChatCompletions, """{"choices":[{"message":{"content":"Hi"}}],"usage":{"prompt_tokens":0,"completion_tokens":8}}"""),
            Answers.Stream(Responses, """data: {"type":"response.completed","response":{"usage":{"input_tokens":0,"output_tokens":8}}}""" + "\n\n"),
            Answers.Stream(Messages, """data: {"type":"message_delta","usage":{"input_tokens":0,"cache_read_input_tokens":0,"output_tokens":8}}""" + "\n\n"),
        ];

        Assert.All(reads, read => Assert.Equal((null, 8), read.Usage));
        Assert.Equal((null, null), Answers.Whole(Embeddings, """{"data":[],"usage":{"prompt_tokens":0,"total_tokens":0}}""").Usage);
    }

    [Theory]
    [InlineData("""{"prompt_tokens":32,"completion_tokens":9,"total_tokens":135,"completion_tokens_details":{"reasoning_tokens":94}}""", 103L)]
    [InlineData("""{"prompt_tokens":32,"total_tokens":135}""", 103L)]
    [InlineData("""{"prompt_tokens":32,"completion_tokens":9,"total_tokens":41}""", 9L)]
    [InlineData("""{"prompt_tokens":32,"completion_tokens":9,"total_tokens":3}""", 9L)]
    [InlineData("""{"prompt_tokens":32,"completion_tokens":9,"total_tokens":null}""", 9L)]
    public void Reasoning_beside_the_completion_is_told_by_the_total(string usage, long output)
    {
        var ofResponses = usage.Replace("prompt_tokens", "input_tokens", StringComparison.Ordinal).Replace("completion_tokens", "output_tokens", StringComparison.Ordinal);
        AnswerRead[] reads =
        [
            Answers.Whole(ChatCompletions, $$"""{"choices":[],"usage":{{usage}}}"""),
            Answers.Stream(ChatCompletions, $$"""data: {"choices":[],"usage":{{usage}}}""" + "\n\n"),
            Answers.Whole(Responses, $$"""{"usage":{{ofResponses}}}"""),
            Answers.Stream(Responses, $$"""data: {"type":"response.completed","response":{"usage":{{ofResponses}} } }""" + "\n\n"),
        ];

        Assert.All(reads, read => Assert.Equal((32, output), read.Usage));
    }

    [Fact]
    public void Embeddings_may_tell_only_the_total() =>
        Assert.Equal((7, 0), Answers.Whole(Embeddings, """{"data":[],"usage":{"total_tokens":7}}""").Usage);

    [Theory]
    [InlineData("""{"choices":[{"index":0,"delta":{},"finish_reason":"stop","usage":{"prompt_tokens":7,"completion_tokens":8}}]}""")]
    [InlineData("""{"x_groq":{"id":"req_1","usage":{"queue_time":0.1,"prompt_tokens":7,"completion_tokens":8}},"choices":[{"delta":{}}]}""")]
    [InlineData("""{"choices":[{"usage":{"prompt_tokens":7,"completion_tokens":8}}],"usage":{"prompt_tokens":0}}""")]
    [InlineData("""{"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":8},"x_groq":{"usage":{"prompt_tokens":1,"completion_tokens":1}}}""")]
    public void Usage_beside_its_usual_place_is_taken_where_that_has_none(string answer)
    {
        Assert.Equal((7, 8), Answers.Whole(ChatCompletions, answer).Usage);
        Assert.Equal((7, 8), Answers.Stream(ChatCompletions, $"data: {answer}\n\ndata: [DONE]\n\n").Usage);
    }

    [Fact]
    public void Usage_of_several_choices_is_that_of_none_of_them()
    {
        const string two = """{"choices":[{"usage":{"prompt_tokens":7,"completion_tokens":8}},{"usage":{"prompt_tokens":7,"completion_tokens":9}}]}""";
        const string one = """data: {"choices":[{"usage":{"prompt_tokens":7,"completion_tokens":8}}]}""" + "\n\n";

        Assert.Equal((null, null), Answers.Whole(ChatCompletions, two).Usage);
        Assert.Equal((null, null), Answers.Stream(ChatCompletions, one + one).Usage);
        Assert.Equal((null, null), Answers.Whole(ChatCompletions, """{"choices":[{"message":{"usage":{"prompt_tokens":7,"completion_tokens":8}}}]}""").Usage);
    }

    [Theory]
    [MemberData(nameof(Wholes))]
    public void A_byte_order_mark_before_an_answer_is_skipped(UpstreamApi api, string answer, string text)
    {
        var marked = Encoding.UTF8.GetBytes($"\uFEFF{answer}");

        Assert.Equal(Answers.Whole(api, answer), Answers.Whole(api, [marked]));
        Assert.Equal(text, Answers.Whole(api, marked.Select(b => new[] { b })).Text);
        Assert.Null(Answers.Whole(api, [marked[1..]]).Input);
    }

    [Theory]
    [InlineData("""{"reasoning":"I think","reasoning_content":"I think","content":"so"}""", "I thinkso")]
    [InlineData("""{"reasoning_content":"I \u0074hink","reasoning_details":[{"type":"reasoning.text","text":"I think"}],"content":"so","reasoning":"I think"}""", "I thinkso")]
    [InlineData("""{"reasoning":"I think","reasoning_content":"hard"}""", "I thinkhard")]
    [InlineData("""{"reasoning":"so","content":"so"}""", "soso")]
    [InlineData("""{"reasoning":"","reasoning_content":"so"}""", "so")]
    public void Reasoning_under_two_names_is_counted_once(string message, string text)
    {
        var whole = Answers.Whole(ChatCompletions, $$"""{"choices":[{"message":{{message}}},{"message":{{message}}}]}""");
        var streamed = Answers.Stream(ChatCompletions, string.Concat(Enumerable.Repeat($$"""data: {"choices":[{"delta":{{message}}}]}""" + "\n\n", 2)));

        Assert.Equal((text + text, text + text), (whole.Text, streamed.Text));
    }

    [Fact]
    public void The_largest_figure_is_that_which_all_readers_agree_on()
    {
        Assert.Equal((1L << 53, 0), Answers.Whole(ChatCompletions, """{"usage":{"prompt_tokens":9007199254740992,"completion_tokens":0}}""").Usage);
        Assert.Null(Answers.Whole(Messages, """{"usage":{"input_tokens":9007199254740992,"cache_read_input_tokens":1,"output_tokens":1}}""").Input);
    }

    [Fact]
    public void Nothing_made_is_not_believed_once_text_came() =>
        Assert.Equal((7, null), Answers.Whole(ChatCompletions, """{"choices":[{"message":{"content":"Hi"}}],"usage":{"prompt_tokens":7,"completion_tokens":0}}""").Usage);

    [Fact]
    public void A_message_that_breaks_off_tells_only_what_it_read()
    {
        var read = Answers.Stream(Messages, """
            data: {"type":"message_start","message":{"usage":{"input_tokens":10,"output_tokens":1}}}

            data: {"type":"content_block_delta","delta":{"type":"text_delta","text":"Hi"}}


            """);

        Assert.Equal((10, null), read.Usage);
        Assert.Equal("Hi", read.Text);
    }

    [Fact]
    public void The_last_figures_of_a_message_replace_those_it_began_with()
    {
        var read = Answers.Stream(Messages, """
            data: {"type":"message_start","message":{"usage":{"input_tokens":10,"cache_read_input_tokens":5,"output_tokens":1}}}

            data: {"type":"message_delta","usage":{"input_tokens":100,"output_tokens":20}}


            """);

        Assert.Equal((105, 20), read.Usage);
    }

    [Fact]
    public void Text_is_counted_where_usage_never_comes()
    {
        using var reader = ResponseReader.Rent(ChatCompletions, dropUsage: true);
        for (var i = 0; i < 3; i++)
            reader.NextEvent("data: {\"choices\":[{\"delta\":{\"content\":\" hello world\"}}]}\n\n"u8, out _);

        Assert.Null(reader.OutputTokens);
        Assert.Equal((3, 6), (reader.Deltas, reader.CountText(_tokens)));
    }

    [Fact]
    public void Text_beyond_all_measure_is_estimated_and_not_kept()
    {
        using var reader = ResponseReader.Rent(ChatCompletions, dropUsage: true);
        var words = string.Concat(Enumerable.Repeat(" word", 20_000));
        var piece = Encoding.UTF8.GetBytes($$$"""data: {"choices":[{"delta":{"content":"{{{words}}}"}}]}""" + "\n\n");

        for (var i = 0; i < 30; i++) reader.NextEvent(piece, out _);

        Assert.InRange(reader.Text.Length, GeneratedText.Longest - words.Length, GeneratedText.Longest);
        Assert.InRange(reader.CountText(_tokens), 30 * 20_000, 30 * 20_000 * 5 / 4);
    }

    [Fact]
    public void A_disposed_reader_holds_no_text()
    {
        var reader = ResponseReader.Rent(ChatCompletions, dropUsage: true);
        reader.NextEvent("data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n"u8, out _);

        reader.Dispose();
        reader.Dispose();

        Assert.True(reader.Text.IsEmpty);
    }
}
