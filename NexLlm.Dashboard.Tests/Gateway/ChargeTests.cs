using System.Net;
using System.Net.Sockets;
using NexLlm.Dashboard.Tests.TestKit;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Tests.Gateway;

/// <summary>That every request is charged once, by what it cost.</summary>
public sealed class ChargeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_is_charged_by_what_the_upstream_reports_at_the_groups_ratio()
    {
        await using var app = await GatewayApp.StartAsync(("Provisioning:Groups:0:Name", "default"), ("Provisioning:Groups:0:Ratio", "0.3"));
        app.Upstream.Answer = FakeUpstream.ChatOf("ok", prompt: 11, completion: 6);
        using var caller = await app.CreateCallerAsync();
        using var answer = await caller.ChatAsync();
        var charge = Assert.Single(await caller.ChargesAsync());

        Assert.Equal((11, 6, 6), (charge.InputTokens, charge.OutputTokens, charge.ChargedTokens)); // ceil(17 x 0.3)
        Assert.Equal((ChargeState.Settled, UsageSource.Upstream, 0), (charge.State, charge.Source, charge.ReservedTokens));
        Assert.Equal(answer.Headers.GetValues("x-request-id").Single(), charge.RequestId);
    }

    [Fact]
    public async Task A_channel_that_fails_before_its_answer_costs_nothing_and_the_next_is_asked()
    {
        await using var app = await GatewayApp.StartAsync();
        await using var failing = await FakeUpstream.StartAsync();
        failing.Answer = FakeUpstream.Json("""{"error":{"message":"overloaded"}}""", 500);
        app.AddChannel(1, "first", failing.BaseUrl, GatewayApp.Model, priority: 2);
        app.AddChannel(2, "dead", DeadAddress(), GatewayApp.Model, priority: 1);
        using var caller = await app.CreateCallerAsync();
        using var answer = await caller.ChatAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Single(failing.Received);
        Assert.Equal(12, await caller.ChargedAsync());
        Assert.Single(await caller.ChargesAsync());
    }

    [Theory]
    [InlineData(500, 502, "server_error", "upstream_error")]
    [InlineData(429, 429, "rate_limit_error", "upstream_rate_limited")]
    [InlineData(401, 502, "server_error", "upstream_misconfigured")]
    [InlineData(302, 502, "server_error", "upstream_misconfigured")]
    public async Task When_no_channel_answers_nothing_is_charged_and_nothing_inside_shows(int upstream, int status, string type, string code)
    {
        await using var app = await GatewayApp.StartAsync();
        app.Upstream.Answer = FakeUpstream.Json("""{"error":{"message":"provider-secret-canary"}}""", upstream);
        using var caller = await app.CreateCallerAsync();
        using var answer = await caller.ChatAsync();

        var error = await RejectionTests.ExpectAsync(answer, status, type, code);
        Assert.DoesNotContain("canary", error.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(0, await caller.ChargedAsync());
    }

    [Fact]
    public async Task What_an_upstream_finds_wrong_with_the_request_is_told_word_for_word_and_costs_nothing()
    {
        await using var app = await GatewayApp.StartAsync();
        const string said = """{"error":{"message":"messages must not be empty","type":"invalid_request_error","param":"messages","code":null}}""";
        app.Upstream.Answer = FakeUpstream.Json(said, 400);
        using var caller = await app.CreateCallerAsync();
        using var answer = await caller.ChatAsync();

        Assert.Equal((HttpStatusCode.BadRequest, said), (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation)));
        Assert.Equal(0, await caller.ChargedAsync());
    }

    [Theory]
    [InlineData("-1", "5")]
    [InlineData("1e400", "5")]
    [InlineData("9223372036854775807", "9223372036854775807")]
    [InlineData("1.5", "2")]
    [InlineData("\"seven\"", "2")]
    [InlineData("0", "2")]
    public async Task Figures_that_cannot_be_true_are_replaced_by_our_own_count_and_marked(string prompt, string completion)
    {
        await using var app = await GatewayApp.StartAsync();
        app.Upstream.Answer = FakeUpstream.Json(
            $$$"""{"choices":[{"message":{"content":"one two three"}}],"usage":{"prompt_tokens":{{{prompt}}},"completion_tokens":{{{completion}}}}}""");
        using var caller = await app.CreateCallerAsync(policy => policy with { TokenLimit = 100_000 });
        using var answer = await caller.ChatAsync();
        var charge = Assert.Single(await caller.ChargesAsync());

        Assert.Equal(UsageSource.Counted, charge.Source);
        Assert.InRange(charge.ChargedTokens, 3, 30);
    }

    [Fact]
    public async Task A_liar_cannot_push_a_key_past_its_limit()
    {
        await using var app = await GatewayApp.StartAsync();
        app.Upstream.Answer = FakeUpstream.ChatOf(string.Join(' ', Enumerable.Repeat("word", 5_000)), prompt: 900_000, completion: 900_000);
        using var caller = await app.CreateCallerAsync(policy => policy with { TokenLimit = 500 });
        using var answer = await caller.ChatAsync(more: ",\"max_tokens\":50");
        var charge = Assert.Single(await caller.ChargesAsync());

        Assert.Equal(UsageSource.Counted, charge.Source);
        Assert.InRange(charge.ChargedTokens, 51, 500);
    }

    [Fact]
    public async Task A_quota_that_is_smaller_than_the_cap_lowers_the_cap_that_the_upstream_gets()
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync(policy => policy with { TokenLimit = 60 });
        using var answer = await caller.ChatAsync(more: ",\"max_tokens\":5000");
        using var sent = System.Text.Json.JsonDocument.Parse(app.Upstream.Received.Single().Body);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.InRange(sent.RootElement.GetProperty("max_tokens").GetInt32(), 20, 59);
    }

    [Fact]
    public async Task An_unlimited_key_sends_the_body_as_it_is()
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync();
        var body = Caller.ChatBody(more: ",  \"temperature\": 1.0e0, \"unknown\": [null, {\"a\": \"\\u00e9\"}]");
        using var answer = await caller.PostAsync("/v1/chat/completions", body);

        Assert.Equal(body, app.Upstream.Received.Single().Body);
    }

    [Fact]
    public async Task A_client_that_leaves_is_charged_by_the_usage_that_still_arrives()
    {
        await using var app = await GatewayApp.StartAsync();
        var left = new TaskCompletionSource();
        app.Upstream.Answer = FakeUpstream.ChatStreamOf(["a", "b", "c"], prompt: 20, completion: 3, i => i == 1 ? left.Task : Task.CompletedTask);
        using var caller = await app.CreateCallerAsync();
        var answer = await caller.ChatAsync(more: ",\"stream\":true");
        var stream = await answer.Content.ReadAsStreamAsync(Cancellation);
        Assert.NotEqual(0, await stream.ReadAsync(new byte[1], Cancellation));
        answer.Dispose();
        left.SetResult();

        Assert.Equal(23, (await caller.SettledAsync()).ChargedTokens);
    }

    /// <summary>An address of this machine at which nobody listens.</summary>
    private static string DeadAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/v1";
    }
}
