using NexLlm.Dashboard.Components.Keys.Examples;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Clients;

/// <summary>Anthropic's client for JavaScript, unmodified, set up by the examples of a key that has nothing but Messages.</summary>
public sealed class AnthropicClientTests(ClientGateway gateway) : ClientTest(gateway)
{
    private const string Said = "one two three four";

    private static readonly ExampleModels _models = new(null, null, Echo);

    [ClientFact]
    public async Task The_JavaScript_example_of_the_pages_prints_the_answer()
    {
        using var caller = await CallerAsync();
        await File.WriteAllTextAsync(Home.File("example.mjs"), Snippet(caller, "JavaScript", _models), Cancellation);

        Assert.Equal("Hello\n", await ClientPrograms.RunAsync(Home, "node example.mjs"));
        Assert.True((await caller.SettledAsync()).ChargedTokens > 0);
    }

    [ClientTheory]
    [InlineData("message")]
    [InlineData("stream")]
    public async Task The_tokens_that_a_client_reads_are_those_in_the_ledger(string scenario)
    {
        using var caller = await CallerAsync(quota: 10_000);
        var answer = await RunAsync(caller, "anthropic.mjs", scenario, _models);

        Assert.Equal((Said, "end_turn"), (answer.GetProperty("text").GetString(), answer.GetProperty("stop").GetString()));
        Assert.Equal((await caller.SettledAsync()).ChargedTokens, answer.GetProperty("tokens").GetInt64());
        if (scenario is "stream")
        {
            Assert.Equal(4, answer.GetProperty("pieces").GetInt32());
        }
    }

    [ClientFact]
    public async Task A_tool_is_called_and_its_result_answered()
    {
        using var caller = await CallerAsync(quota: 10_000);
        App.Upstream.Answer = http => FakeUpstream.Json(FakeUpstream.BodyOf(http).Contains("tool_result", StringComparison.Ordinal)
            ? """{"id":"msg_2","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"It is sunny"}],"stop_reason":"end_turn","usage":{"input_tokens":20,"output_tokens":4}}"""
            : """{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":"tool_use","id":"toolu_1","name":"weather","input":{"city":"Oslo"}}],"stop_reason":"tool_use","usage":{"input_tokens":9,"output_tokens":3}}""")(http);
        var answer = await RunAsync(caller, "anthropic.mjs", "tools", _models);

        Assert.Equal(
            ("tool_use", "Oslo", "It is sunny"),
            (answer.GetProperty("stop").GetString(), answer.GetProperty("city").GetString(), answer.GetProperty("text").GetString()));
        Assert.Equal(36, await caller.ChargedAsync());
    }

    [ClientFact]
    public async Task A_beta_call_is_answered()
    {
        using var caller = await CallerAsync();

        Assert.Equal(Said, (await RunAsync(caller, "anthropic.mjs", "beta", _models)).GetProperty("text").GetString());
    }

    [ClientFact]
    public async Task Tokens_are_counted_without_a_charge()
    {
        using var caller = await CallerAsync(quota: 10_000);

        Assert.True((await RunAsync(caller, "anthropic.mjs", "countTokens", _models)).GetProperty("tokens").GetInt64() > 0);
        Assert.Equal(0, await caller.ChargedAsync());
    }

    [ClientFact]
    public async Task Models_are_listed_and_found()
    {
        using var caller = await CallerAsync();
        var answer = await RunAsync(caller, "anthropic.mjs", "models", _models);

        Assert.Contains(Echo, answer.GetProperty("ids").EnumerateArray().Select(id => id.GetString()));
        Assert.Equal(Echo, answer.GetProperty("one").GetString());
    }

    [ClientTheory]
    [InlineData("wrongKey", 401, "authentication_error")]
    [InlineData("wrongModel", 404, "not_found_error")]
    [InlineData("noQuota", 429, "rate_limit_error")]
    public async Task A_rejection_is_told_at_once_and_not_retried(string scenario, int status, string type)
    {
        using var caller = await CallerAsync(quota: 1);
        var told = await RunAsync(caller, "anthropic.mjs", scenario, _models);

        Assert.Equal((status, type, 1), (told.GetProperty("status").GetInt32(), told.GetProperty("type").GetString(), told.GetProperty("requests").GetInt32()));
        Assert.NotEmpty(told.GetProperty("id").GetString()!);
        Assert.Equal(0, await caller.ChargedAsync());
    }
}
