using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Clients;

/// <summary>OpenAI's client for JavaScript, unmodified.</summary>
public sealed class OpenAIClientTests(ClientGateway gateway) : ClientTest(gateway)
{
    private const string Said = "one two three four";

    [ClientFact]
    public async Task The_JavaScript_example_of_the_pages_prints_the_answer()
    {
        using var caller = await CallerAsync();
        await File.WriteAllTextAsync(Home.File("example.mjs"), Snippet(caller, "JavaScript"), Cancellation);

        Assert.Equal("Hello\n", await ClientPrograms.RunAsync(Home, "node example.mjs"));
        Assert.True((await caller.SettledAsync()).ChargedTokens > 0);
    }

    [ClientTheory]
    [InlineData("chat")]
    [InlineData("usage")]
    [InlineData("completion")]
    [InlineData("responses")]
    [InlineData("streamedResponses")]
    public async Task The_tokens_that_a_client_reads_are_those_in_the_ledger(string scenario)
    {
        using var caller = await CallerAsync(quota: 10_000);
        var answer = await RunAsync(caller, "openai.mjs", scenario);

        Assert.Equal((await caller.SettledAsync()).ChargedTokens, answer.GetProperty("tokens").GetInt64());
        if (answer.TryGetProperty("text", out var text))
        {
            Assert.Equal(scenario is "completion" ? "one two three" : Said, text.GetString());
        }
    }

    [ClientFact]
    public async Task A_stream_without_usage_arrives_in_pieces_and_is_charged()
    {
        using var caller = await CallerAsync();
        var answer = await RunAsync(caller, "openai.mjs", "stream");

        Assert.Equal((Said, 4), (answer.GetProperty("text").GetString(), answer.GetProperty("pieces").GetInt32()));
        Assert.True((await caller.SettledAsync()).ChargedTokens > 0);
    }

    [ClientFact]
    public async Task A_tool_is_called_and_its_result_answered()
    {
        using var caller = await CallerAsync(quota: 10_000);
        App.Upstream.Answer = http => (FakeUpstream.BodyOf(http).Contains("\"role\":\"tool\"", StringComparison.Ordinal)
            ? FakeUpstream.ChatOf("It is sunny", prompt: 20, completion: 4)
            : FakeUpstream.Json(
                """{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Oslo\"}"}}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12}}"""))(http);
        var answer = await RunAsync(caller, "openai.mjs", "tools");

        Assert.Equal("It is sunny", answer.GetProperty("text").GetString());
        Assert.Equal(["Oslo"], answer.GetProperty("asked").EnumerateArray().Select(a => a.GetString()));
        Assert.Equal(36, await caller.ChargedAsync());
    }

    [ClientFact]
    public async Task A_streamed_tool_call_is_put_together()
    {
        using var caller = await CallerAsync();
        App.Upstream.Answer = async http =>
        {
            http.Response.ContentType = "text/event-stream";
            foreach (var delta in (string[])["""{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"weather","arguments":""}}]}""",
                """{"tool_calls":[{"index":0,"function":{"arguments":"{\"city\":"}}]}""", """{"tool_calls":[{"index":0,"function":{"arguments":"\"Oslo\"}"}}]}"""])
            {
                await http.SendEventAsync($$"""{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{{delta}},"finish_reason":null}]}""");
            }

            await http.SendEventAsync("""{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}""");
            await http.SendEventAsync("""{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12}}""");
            await http.SendEventAsync("[DONE]");
        };
        var answer = await RunAsync(caller, "openai.mjs", "streamedTools");

        Assert.Equal(("weather", "Oslo"), (answer.GetProperty("name").GetString(), answer.GetProperty("city").GetString()));
        Assert.Equal(12, (await caller.SettledAsync()).ChargedTokens);
    }

    [ClientFact]
    public async Task Embeddings_that_the_client_asks_for_in_base64_are_numbers()
    {
        using var caller = await CallerAsync();
        var answer = await RunAsync(caller, "openai.mjs", "embeddings");

        Assert.Equal([16, 16], answer.GetProperty("lengths").EnumerateArray().Select(l => l.GetInt32()));
        Assert.InRange(answer.GetProperty("first").GetDouble(), -1, 1);
        Assert.Equal((await caller.SettledAsync()).ChargedTokens, answer.GetProperty("tokens").GetInt64());
    }

    [ClientFact]
    public async Task Models_are_listed_and_found()
    {
        using var caller = await CallerAsync();
        var answer = await RunAsync(caller, "openai.mjs", "models");

        Assert.Contains(Echo, answer.GetProperty("ids").EnumerateArray().Select(id => id.GetString()));
        Assert.Equal(Echo, answer.GetProperty("one").GetString());
    }

    [ClientTheory]
    [InlineData("wrongKey", 401, "invalid_api_key")]
    [InlineData("wrongModel", 404, "model_not_found")]
    [InlineData("noQuota", 429, "insufficient_quota")]
    [InlineData("noQuotaStreamed", 429, "insufficient_quota")]
    public async Task A_rejection_is_told_at_once_and_not_retried(string scenario, int status, string code)
    {
        using var caller = await CallerAsync(quota: 1);
        var told = await RunAsync(caller, "openai.mjs", scenario);

        Assert.Equal((status, code, 1), (told.GetProperty("status").GetInt32(), told.GetProperty("code").GetString(), told.GetProperty("requests").GetInt32()));
        Assert.NotEmpty(told.GetProperty("id").GetString()!);
        Assert.Equal(0, await caller.ChargedAsync());
    }
}
