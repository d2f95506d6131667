using System.Text;
using System.Text.Json;
using CsCheck;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Channels.Tokens;
using NexLlm.Dashboard.Channels.Upstream;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Channels.Echo;

public sealed class EchoTests : IDisposable
{
    private const string Question = "Why is the sky blue, and not green?";

    private static readonly TokenCounter _tokens = new();
    private static readonly PromptCounter _prompts = new(_tokens);

    private readonly UpstreamTransports _transports = new(Options.Create(new UpstreamOptions()), _tokens, _prompts, TimeProvider.System);
    private readonly UpstreamClient _client;
    private readonly LiveChannel _echo = new TestChannels(TimeProvider.System).Create("echo", type: ChannelType.Echo, baseUrl: null);

    public EchoTests() => _client = new UpstreamClient(_transports, Options.Create(new UpstreamOptions()), TimeProvider.System);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static int QuestionTokens => _tokens.Count(Question);

    public void Dispose()
    {
        _client.Dispose();
        _transports.Dispose();
    }

    [Fact]
    public async Task Chat_answers_with_the_last_user_text_and_reports_what_it_counts()
    {
        var body = Chat("");
        var answer = await WholeAsync(UpstreamApi.ChatCompletions, body);

        Assert.Equal("chat.completion", Text(answer, "object"));
        Assert.Equal("nexllm-echo", Text(answer, "model"));
        var choice = Assert.Single(answer.GetProperty("choices").EnumerateArray());
        Assert.Equal((Question, "assistant", "stop"), (Text(choice, "message", "content"), Text(choice, "message", "role"), Text(choice, "finish_reason")));
        Assert.Equal((_prompts.Count(body), QuestionTokens), Usage(answer, "prompt_tokens", "completion_tokens"));
        Assert.Equal(_prompts.Count(body) + QuestionTokens, answer.GetProperty("usage").GetProperty("total_tokens").GetInt32());
    }

    [Theory]
    [InlineData("max_tokens")]
    [InlineData("max_completion_tokens")]
    public async Task Chat_stops_at_the_cap_and_says_so(string member)
    {
        var answer = await WholeAsync(UpstreamApi.ChatCompletions, Chat($"""
            "{member}":3,
            """));

        Assert.Equal(("Why is the", "length"), (Text(answer.GetProperty("choices")[0], "message", "content"), Text(answer.GetProperty("choices")[0], "finish_reason")));
        Assert.Equal(3, Usage(answer, "prompt_tokens", "completion_tokens").Output);
    }

    [Fact]
    public async Task Chat_gives_as_many_answers_as_are_asked_for_and_counts_each()
    {
        var answer = await WholeAsync(UpstreamApi.ChatCompletions, Chat("\"n\":3,"));

        Assert.Equal([0, 1, 2], answer.GetProperty("choices").EnumerateArray().Select(c => c.GetProperty("index").GetInt32()));
        Assert.Equal(3 * QuestionTokens, Usage(answer, "prompt_tokens", "completion_tokens").Output);
    }

    [Fact]
    public async Task Chat_without_a_user_text_answers_nothing()
    {
        var answer = await WholeAsync(UpstreamApi.ChatCompletions, """{"model":"nexllm-echo","messages":[{"role":"system","content":"Be kind."}]}"""u8.ToArray());

        Assert.Equal("", Text(answer.GetProperty("choices")[0], "message", "content"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Chat_streams_word_by_word_with_usage_only_if_it_is_asked_for(bool withUsage)
    {
        var body = Chat($$"""
            "stream":true,"stream_options":{"include_usage":{{(withUsage ? "true" : "false")}}},
            """);
        var events = await EventsAsync(UpstreamApi.ChatCompletions, body);

        Assert.All(events, e => Assert.Null(e.Name));
        Assert.Null(events[^1].Data);
        var chunks = events.SkipLast(1).Select(e => e.Data!.Value).ToList();
        var usage = chunks.Where(c => c.GetProperty("usage").ValueKind is JsonValueKind.Object).ToList();
        Assert.Equal(withUsage ? [(_prompts.Count(body), QuestionTokens)] : [], usage.Select(c => Usage(c, "prompt_tokens", "completion_tokens")));
        Assert.All(usage, c => Assert.Equal(0, c.GetProperty("choices").GetArrayLength()));
        var choices = chunks.Except(usage).Select(c => c.GetProperty("choices")[0]).ToList();
        var words = choices.Select(c => c.GetProperty("delta")).Where(d => d.TryGetProperty("content", out _)).Select(d => Text(d, "content")).ToList();
        Assert.Equal(["", "Why ", "is ", "the ", "sky ", "blue, ", "and ", "not ", "green?"], words);
        Assert.Equal("stop", Text(choices[^1], "finish_reason"));
        Assert.Single(chunks.Select(c => Text(c, "id")).Distinct());
    }

    [Fact]
    public async Task Completions_answer_every_prompt_as_often_as_asked_texts_and_tokens_alike()
    {
        var answer = await WholeAsync(UpstreamApi.Completions, """{"model":"m","prompt":["one","two three"],"n":2}"""u8.ToArray());
        Assert.Equal(["one", "one", "two three", "two three"], answer.GetProperty("choices").EnumerateArray().Select(c => Text(c, "text")));

        var fromTokens = await WholeAsync(UpstreamApi.Completions, """{"model":"m","prompt":[24912,2375],"max_tokens":1}"""u8.ToArray());
        Assert.Equal(("hello", "length"), (Text(fromTokens.GetProperty("choices")[0], "text"), Text(fromTokens.GetProperty("choices")[0], "finish_reason")));
        Assert.Equal((3 + 2, 1), Usage(fromTokens, "prompt_tokens", "completion_tokens"));

        var events = await EventsAsync(UpstreamApi.Completions, """{"model":"m","prompt":"two three","stream":true,"stream_options":{"include_usage":true}}"""u8.ToArray());
        Assert.Equal("two three", string.Concat(events.SkipLast(2).Select(e => Text(e.Data!.Value.GetProperty("choices")[0], "text"))));
        Assert.Equal((3 + 2, 2), Usage(events[^2].Data!.Value, "prompt_tokens", "completion_tokens"));
        Assert.Null(events[^1].Data);
    }

    [Fact]
    public async Task Embeddings_are_the_same_for_the_same_text_of_length_1_and_alike_in_both_encodings()
    {
        var floats = Vectors(await WholeAsync(UpstreamApi.Embeddings, """{"model":"m","input":["one","two","one"],"dimensions":40}"""u8.ToArray()));
        Assert.Equal(floats[0], floats[2]);
        Assert.NotEqual(floats[0], floats[1]);
        Assert.All(floats, v => Assert.Equal((40, 1.0), (v.Length, Math.Round(v.Sum(x => (double)x * x), 4))));

        var packed = await WholeAsync(UpstreamApi.Embeddings, """{"model":"m","input":"one","dimensions":40,"encoding_format":"base64"}"""u8.ToArray());
        var bytes = packed.GetProperty("data")[0].GetProperty("embedding").GetBytesFromBase64();
        Assert.Equal(floats[0], Enumerable.Range(0, 40).Select(i => BitConverter.ToSingle(bytes, i * 4)));
        Assert.Equal((3 + 1, 3 + 1), Usage(packed, "prompt_tokens", "total_tokens"));
    }

    [Theory]
    [InlineData("", "completed", Question)]
    [InlineData("\"max_output_tokens\":3,", "incomplete", "Why is the")]
    public async Task Responses_answer_whole_and_streamed_alike(string cap, string status, string text)
    {
        var body = Encoding.UTF8.GetBytes($$"""{"model":"nexllm-echo",{{cap}}"input":[{"role":"user","content":[{"type":"input_text","text":"{{Question}}"}]}]}""");
        var whole = await WholeAsync(UpstreamApi.Responses, body);
        Assert.Equal((status, text), (Text(whole, "status"), Text(whole.GetProperty("output")[0].GetProperty("content")[0], "text")));
        Assert.Equal((_prompts.Count(body), _tokens.Count(text)), Usage(whole, "input_tokens", "output_tokens"));
        Assert.Equal(status == "completed" ? JsonValueKind.Null : JsonValueKind.Object, whole.GetProperty("incomplete_details").ValueKind);

        var events = await EventsAsync(UpstreamApi.Responses, Streamed(body));
        Assert.All(events, e => Assert.Equal(e.Name, Text(e.Data!.Value, "type")));
        Assert.Equal(Enumerable.Range(0, events.Count), events.Select(e => e.Data!.Value.GetProperty("sequence_number").GetInt32()));
        Assert.Equal(text, string.Concat(events.Where(e => e.Name == "response.output_text.delta").Select(e => Text(e.Data!.Value, "delta"))));
        Assert.Equal(
            ["response.created", "response.in_progress", "response.output_item.added", "response.content_part.added", "response.output_text.done",
                "response.content_part.done", "response.output_item.done", $"response.{status}"],
            events.Select(e => e.Name).Where(name => name != "response.output_text.delta"));
        var last = events[^1].Data!.Value.GetProperty("response");
        Assert.Equal((status, text), (Text(last, "status"), Text(last.GetProperty("output")[0].GetProperty("content")[0], "text")));
        Assert.Equal(_tokens.Count(text), Usage(last, "input_tokens", "output_tokens").Output);
    }

    [Theory]
    [InlineData(100, "end_turn", Question)]
    [InlineData(3, "max_tokens", "Why is the")]
    public async Task Messages_answer_whole_and_streamed_alike(int cap, string stopReason, string text)
    {
        var body = Encoding.UTF8.GetBytes($$"""{"model":"nexllm-echo","max_tokens":{{cap}},"messages":[{"role":"user","content":"{{Question}}"}]}""");
        var whole = await WholeAsync(UpstreamApi.Messages, body);
        Assert.Equal(("message", stopReason, text), (Text(whole, "type"), Text(whole, "stop_reason"), Text(whole.GetProperty("content")[0], "text")));
        Assert.Equal((_prompts.Count(body), _tokens.Count(text)), Usage(whole, "input_tokens", "output_tokens"));

        var events = await EventsAsync(UpstreamApi.Messages, Streamed(body));
        Assert.All(events, e => Assert.Equal(e.Name, Text(e.Data!.Value, "type")));
        Assert.Equal(
            ["message_start", "content_block_start", "content_block_stop", "message_delta", "message_stop"],
            events.Select(e => e.Name).Where(name => name != "content_block_delta"));
        Assert.Equal(text, string.Concat(events.Where(e => e.Name == "content_block_delta").Select(e => Text(e.Data!.Value, "delta", "text"))));
        Assert.Equal(_prompts.Count(body), Usage(events[0].Data!.Value.GetProperty("message"), "input_tokens", "output_tokens").Input);
        var delta = events[^2].Data!.Value;
        Assert.Equal((stopReason, _tokens.Count(text)), (Text(delta, "delta", "stop_reason"), delta.GetProperty("usage").GetProperty("output_tokens").GetInt32()));
    }

    [Fact]
    public async Task Tokens_are_counted_as_the_same_message_reports_them()
    {
        var body = Encoding.UTF8.GetBytes($$"""{"model":"nexllm-echo","max_tokens":9,"system":"Be kind.","messages":[{"role":"user","content":"{{Question}}"}]}""");
        var counted = await WholeAsync(UpstreamApi.CountTokens, body);

        Assert.Equal(_prompts.Count(body), counted.GetProperty("input_tokens").GetInt32());
        Assert.Equal(Usage(await WholeAsync(UpstreamApi.Messages, body), "input_tokens", "output_tokens").Input, counted.GetProperty("input_tokens").GetInt32());
    }

    [Theory]
    [InlineData(UpstreamApi.CountTokens, """{"model":"m"}""")]
    [InlineData(UpstreamApi.CountTokens, """{"messages":[]}""")]
    [InlineData(UpstreamApi.ChatCompletions, "nonsense")]
    [InlineData(UpstreamApi.ChatCompletions, "[]")]
    [InlineData(UpstreamApi.ChatCompletions, """{"messages":[]}""")]
    [InlineData(UpstreamApi.ChatCompletions, """{"model":"m"}""")]
    [InlineData(UpstreamApi.ChatCompletions, """{"model":"m","messages":[],"n":0}""")]
    [InlineData(UpstreamApi.ChatCompletions, """{"model":"m","messages":[],"max_tokens":-1}""")]
    [InlineData(UpstreamApi.ChatCompletions, """{"model":"m","messages":[],"max_tokens":1e99}""")]
    [InlineData(UpstreamApi.Completions, """{"model":"m"}""")]
    [InlineData(UpstreamApi.Completions, """{"model":"m","prompt":[1e99]}""")]
    [InlineData(UpstreamApi.Completions, """{"model":"m","prompt":[{}]}""")]
    [InlineData(UpstreamApi.Embeddings, """{"model":"m","input":"x","dimensions":4000}""")]
    [InlineData(UpstreamApi.Messages, """{"model":"m","messages":[]}""")]
    public async Task What_cannot_be_answered_is_refused_in_the_apis_shape(UpstreamApi api, string body)
    {
        using var answer = await SendAsync(api, Encoding.UTF8.GetBytes(body));

        Assert.Equal(400, answer.Status);
        using var json = await JsonDocument.ParseAsync(answer.Body, cancellationToken: Cancellation);
        Assert.Equal("invalid_request_error", Text(json.RootElement, "error", "type"));
        Assert.Equal(api is UpstreamApi.Messages or UpstreamApi.CountTokens, json.RootElement.TryGetProperty("type", out _));
    }

    [Fact]
    public async Task Any_text_comes_back_as_it_is_whole_and_streamed() =>
        await Gen.String.SampleAsync(
            async text =>
            {
                // What is no text cannot be written as JSON.
                text = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
                var body = JsonSerializer.SerializeToUtf8Bytes(new { model = "m", messages = new[] { new { role = "user", content = text } } });
                var whole = await WholeAsync(UpstreamApi.ChatCompletions, body);
                Assert.Equal(text, Text(whole.GetProperty("choices")[0], "message", "content"));

                var events = await EventsAsync(UpstreamApi.ChatCompletions, Streamed(body));
                Assert.Equal(text, string.Concat(events.SkipLast(2).Select(e => Text(e.Data!.Value.GetProperty("choices")[0], "delta", "content"))));
            },
            iter: 100);

    private static byte[] Chat(string extra) => Encoding.UTF8.GetBytes(
        $$$"""
        {"model":"nexllm-echo",{{{extra}}}"messages":[{"role":"user","content":"Hello"},{"role":"assistant","content":"Hello"},
        {"role":"user","content":[{"type":"text","text":"{{{Question}}}"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]},
        {"role":"assistant","content":"Because"}]}
        """);

    private static byte[] Streamed(byte[] body) => [.. "{\"stream\":true,"u8, .. body.AsSpan(1)];

    private ValueTask<UpstreamResponse> SendAsync(UpstreamApi api, byte[] body) =>
        _client.SendAsync(TestChannels.Target(_echo), api, [], body, streamed: false, Cancellation);

    private async Task<JsonElement> WholeAsync(UpstreamApi api, byte[] body)
    {
        using var answer = await SendAsync(api, body);
        Assert.Equal((200, "application/json"), (answer.Status, answer.ContentType));
        using var json = await JsonDocument.ParseAsync(answer.Body, cancellationToken: Cancellation);
        return json.RootElement.Clone();
    }

    /// <summary>Each read must bring one event, whole; the data of <c>[DONE]</c> is null.</summary>
    private async Task<List<(string? Name, JsonElement? Data)>> EventsAsync(UpstreamApi api, byte[] body)
    {
        using var answer = await SendAsync(api, body);
        Assert.Equal((200, "text/event-stream"), (answer.Status, answer.ContentType));
        var (events, buffer) = (new List<(string?, JsonElement?)>(), new byte[64 * 1024]);
        while (await answer.Body.ReadAsync(buffer, Cancellation) is > 0 and var count)
        {
            var text = Encoding.UTF8.GetString(buffer, 0, count);
            Assert.EndsWith("\n\n", text, StringComparison.Ordinal);
            var lines = text[..^2].Split('\n');
            var name = lines.Length == 2 ? lines[0]["event: ".Length..] : null;
            var data = lines[^1]["data: ".Length..];
            events.Add((name, data == "[DONE]" ? null : JsonElement.Parse(data)));
        }

        return events;
    }

    private static string? Text(JsonElement from, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            from = from.GetProperty(name);
        }

        return from.GetString();
    }

    private static (int Input, int Output) Usage(JsonElement answer, string input, string output) =>
        (answer.GetProperty("usage").GetProperty(input).GetInt32(), answer.GetProperty("usage").GetProperty(output).GetInt32());

    private static List<float[]> Vectors(JsonElement answer) =>
        [.. answer.GetProperty("data").EnumerateArray().Select(d => d.GetProperty("embedding").EnumerateArray().Select(x => x.GetSingle()).ToArray())];
}
