using System.Text.Json;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Clients;

/// <summary>Claude Code and Codex, unmodified, without a terminal, set up by the text that the pages show for them.</summary>
public sealed class CodingAgentTests(ClientGateway gateway) : ClientTest(gateway)
{
    private const string Question = "Say hello to the gateway";

    [ClientTheory]
    [InlineData(null)]
    [InlineData(1_000_000L)]
    public async Task Claude_Code_streams_an_answer_with_and_without_a_quota(long? quota)
    {
        using var caller = await CallerAsync(quota);
        var events = Lines(await ClientPrograms.RunAsync(Home, ClaudeCode(caller)));

        var result = events.Single(e => Type(e) is "result");
        Assert.EndsWith(Question, result.GetProperty("result").GetString(), StringComparison.Ordinal);
        Assert.True(events.Count(e => Type(e) is "stream_event" && Type(e.GetProperty("event")) is "content_block_delta") > 3);
        Assert.Equal(Tokens(result.GetProperty("usage")), await caller.ChargedAsync());
    }

    [ClientTheory]
    [InlineData(null)]
    [InlineData(1_000_000L)]
    public async Task Codex_streams_an_answer_with_and_without_a_quota(long? quota)
    {
        using var caller = await CallerAsync(quota);
        var events = Lines(await ClientPrograms.RunAsync(Home, Codex(caller)));

        var said = events.Where(e => Type(e) is "item.completed").Select(e => e.GetProperty("item")).Single(item => Type(item) is "agent_message");
        Assert.EndsWith(Question, said.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal(Tokens(events.Single(e => Type(e) is "turn.completed").GetProperty("usage")), await caller.ChargedAsync());
        Assert.All(await App.LinesAsync(caller.Owner), line => Assert.Equal(UpstreamApi.Responses, line.Api));
    }

    [ClientFact]
    public async Task Claude_Code_says_at_once_that_the_quota_is_used_up()
    {
        using var caller = await CallerAsync(quota: 1);
        var ending = await ClientPrograms.TryAsync(Home, ClaudeCode(caller));

        Assert.NotEqual(0, ending.ExitCode);
        Assert.Contains("quota", ending.Output, StringComparison.OrdinalIgnoreCase);
        Assert.Single(await App.LinesAsync(caller.Owner));
        Assert.Equal(0, await caller.ChargedAsync());
    }

    [ClientFact]
    public async Task Codex_says_at_once_that_the_quota_is_used_up()
    {
        using var caller = await CallerAsync(quota: 1);
        var ending = await ClientPrograms.TryAsync(Home, Codex(caller));

        Assert.NotEqual(0, ending.ExitCode);
        Assert.Contains("quota", ending.Output, StringComparison.OrdinalIgnoreCase);
        Assert.Single(await App.LinesAsync(caller.Owner));
        Assert.Equal(0, await caller.ChargedAsync());
    }

    [ClientFact]
    public async Task Claude_Code_says_at_once_that_the_key_is_disabled()
    {
        using var caller = await CallerAsync();
        await App.Keys.SetEnabledAsync(caller.Owner, [caller.KeyId], enabled: false, Cancellation);
        var ending = await ClientPrograms.TryAsync(Home, ClaudeCode(caller));

        Assert.NotEqual(0, ending.ExitCode);
        Assert.Contains("disabled", ending.Output, StringComparison.Ordinal);
        Assert.InRange((await App.LinesAsync(caller.Owner)).Count, 1, 2);
    }

    private static string ClaudeCode(Caller caller) =>
        $"{Snippet(caller, "Claude Code")} -p '{Question}' --output-format stream-json --verbose --include-partial-messages";

    private static string Codex(Caller caller) => $"{Snippet(caller, "Codex")} exec --skip-git-repo-check --json '{Question}'";

    private static List<JsonElement> Lines(string output) =>
        [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    private static string? Type(JsonElement said) => said.GetProperty("type").GetString();

    private static long Tokens(JsonElement usage) => usage.GetProperty("input_tokens").GetInt64() + usage.GetProperty("output_tokens").GetInt64();
}
