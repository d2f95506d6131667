using System.Net;
using System.Text;
using System.Text.Json;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Gateway;

/// <summary>Counting tokens costs no quota, is answered by whoever knows best, and has a limit of its own.</summary>
public sealed class CountTokensTests : IAsyncDisposable
{
    private const string Path = "/v1/messages/count_tokens";
    private const string Words = "Count these few words, please";

    private GatewayApp? _app;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }

    [Fact]
    public async Task The_built_in_model_counts_what_it_would_charge_and_charges_nothing()
    {
        using var caller = await StartAsync();
        using var counted = await caller.PostAsync(Path, Body("nexllm-echo"));
        var tokens = await TokensAsync(counted);
        using var answered = await caller.PostAsync("/v1/messages", Body("nexllm-echo", ",\"max_tokens\":1"));
        using var body = JsonDocument.Parse(await answered.Content.ReadAsStringAsync(Cancellation));

        Assert.Equal(body.RootElement.GetProperty("usage").GetProperty("input_tokens").GetInt64(), tokens);
        Assert.Single(await caller.ChargesAsync());
        await GatewayApp.UntilAsync(async () => (await _app!.LinesAsync(caller.Owner)).Count == 2);
        var line = (await _app!.LinesAsync(caller.Owner)).Single(line => line.Api is UpstreamApi.CountTokens);
        Assert.Equal((200, 0L, "nexllm-echo"), (line.Status, line.ChargedTokens, line.Model));
    }

    [Fact]
    public async Task An_Anthropic_channel_is_asked_and_its_count_handed_on()
    {
        using var caller = await StartAsync();
        _app!.Upstream.Answer = FakeUpstream.Json("""{"input_tokens":4711,"context_management":{"original_input_tokens":5000}}""");
        using var request = new HttpRequestMessage(HttpMethod.Post, Path + "?beta=true") { Content = Json(Body("claude")) };
        request.Headers.Add("anthropic-beta", "context-management-2025-06-27");
        using var answer = await caller.Http.SendAsync(request, Cancellation);
        var sent = Assert.Single(_app.Upstream.Received);

        Assert.Equal(4_711, await TokensAsync(answer));
        Assert.False(answer.Headers.Contains("x-token-count"));
        Assert.Equal(("/v1/messages/count_tokens", "context-management-2025-06-27"), (sent.Path, sent.Headers["anthropic-beta"]));
        Assert.Contains(Words, sent.Body, StringComparison.Ordinal);
        Assert.Empty(await caller.ChargesAsync());
    }

    [Theory]
    [InlineData(404, """{"detail":"Not Found"}""")]
    [InlineData(405, "")]
    [InlineData(500, """{"error":{"message":"down"}}""")]
    [InlineData(200, """{"id":"msg_1","content":[]}""")]
    [InlineData(200, "<html></html>")]
    public async Task Where_the_provider_does_not_count_the_gateway_estimates_and_says_so(int status, string body)
    {
        using var caller = await StartAsync();
        _app!.Upstream.Answer = FakeUpstream.Json(body, status);
        using var answer = await caller.PostAsync(Path, Body("claude"));

        Assert.InRange(await TokensAsync(answer), 5, 40);
        Assert.Equal("estimated", answer.Headers.GetValues("x-token-count").Single());
        Assert.Empty(await caller.ChargesAsync());
    }

    [Fact]
    public async Task A_provider_that_does_not_count_goes_on_answering()
    {
        using var caller = await StartAsync();
        _app!.Upstream.Answer = http => http.Request.Path.Value!.EndsWith("count_tokens", StringComparison.Ordinal)
            ? FakeUpstream.Json("Not Found", 404)(http)
            : FakeUpstream.Json("""{"id":"msg_1","type":"message","role":"assistant","content":[{"type":"text","text":"Hi"}],"model":"claude","stop_reason":"end_turn","usage":{"input_tokens":9,"output_tokens":1}}""")(http);
        for (var i = 0; i < 20; i++)
        {
            using var counted = await caller.PostAsync(Path, Body("claude"));
            Assert.Equal(HttpStatusCode.OK, counted.StatusCode);
        }

        using var answer = await caller.PostAsync("/v1/messages", Body("claude", ",\"max_tokens\":5"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task What_the_provider_finds_wrong_with_the_request_is_told()
    {
        using var caller = await StartAsync();
        _app!.Upstream.Answer = FakeUpstream.Json("""{"type":"error","error":{"type":"invalid_request_error","message":"messages.0: bad role"}}""", 400);
        using var answer = await caller.PostAsync(Path, Body("claude"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("messages.0: bad role", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_prompt_larger_than_the_quota_is_counted_but_who_has_no_quota_left_counts_nothing()
    {
        using var caller = await StartAsync(tokenLimit: 1);
        using var broke = await _app!.CreateCallerAsync(accountLimit: 0);
        _app.Upstream.Answer = FakeUpstream.Json("""{"input_tokens":4711}""");
        using var counted = await caller.PostAsync(Path, Body("claude"));
        using var refused = await broke.PostAsync(Path, Body("claude"));

        Assert.Equal(4_711, await TokensAsync(counted));
        Assert.Equal((HttpStatusCode.TooManyRequests, "insufficient_account_quota"), (refused.StatusCode, await CodeAsync(refused)));
        Assert.Equal("false", refused.Headers.GetValues("x-should-retry").Single());
        Assert.Single(_app.Upstream.Received);
    }

    [Fact]
    public async Task An_account_counts_so_often_a_minute_and_is_told_when_it_can_again()
    {
        using var caller = await StartAsync(perMinute: 2);
        using var second = await _app!.CreateCallerAsync(owner: caller.Owner);
        using var stranger = await _app.CreateCallerAsync();
        using var one = await caller.PostAsync(Path, Body("nexllm-echo"));
        using var two = await second.PostAsync(Path, Body("nexllm-echo"));
        using var three = await caller.PostAsync(Path, Body("nexllm-echo"));
        using var other = await stranger.PostAsync(Path, Body("nexllm-echo"));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK), (one.StatusCode, two.StatusCode, other.StatusCode));
        Assert.Equal((HttpStatusCode.TooManyRequests, "too_many_requests"), (three.StatusCode, await CodeAsync(three)));
        Assert.Equal(TimeSpan.FromSeconds(30), three.Headers.RetryAfter?.Delta);

        _app.Clock.Advance(TimeSpan.FromSeconds(29));
        using var early = await caller.PostAsync(Path, Body("nexllm-echo"));
        _app.Clock.Advance(TimeSpan.FromSeconds(1));
        using var inTime = await caller.PostAsync(Path, Body("nexllm-echo"));
        Assert.Equal((HttpStatusCode.TooManyRequests, HttpStatusCode.OK), (early.StatusCode, inTime.StatusCode));
    }

    [Theory]
    [InlineData("none", 404, "model_not_found")]
    [InlineData(GatewayApp.Model, 400, "wrong_endpoint")]
    public async Task A_model_that_Anthropics_API_does_not_reach_is_refused_in_its_shape(string model, int status, string code)
    {
        using var caller = await StartAsync();
        using var answer = await caller.PostAsync(Path, Body(model));
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation));

        Assert.Equal((status, "error"), ((int)answer.StatusCode, body.RootElement.GetProperty("type").GetString()));
        Assert.Equal(code, body.RootElement.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Stored_state_is_closed_here_too()
    {
        using var caller = await StartAsync();
        using var answer = await caller.PostAsync(
            Path, """{"model":"claude","messages":[{"role":"user","content":[{"type":"document","source":{"type":"file","file_id":"file_1"}}]}]}""");

        Assert.Equal("unsupported_state", await CodeAsync(answer));
        Assert.Empty(_app!.Upstream.Received);
    }

    private async Task<Caller> StartAsync(long? tokenLimit = null, int? perMinute = null)
    {
        _app = await GatewayApp.StartAsync();
        if (perMinute is { } limit)
        {
            _app.Settings["Gateway:TokenCountsPerMinute"] = $"{limit}";
        }

        _app.AddChannel(1, "anthropic", _app.Upstream.BaseUrl, "claude", type: "Anthropic");
        return await _app.CreateCallerAsync(policy => policy with { TokenLimit = tokenLimit });
    }

    private static async Task<long> TokensAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {text}");
        using var body = JsonDocument.Parse(text);
        return body.RootElement.GetProperty("input_tokens").GetInt64();
    }

    private static async Task<string?> CodeAsync(HttpResponseMessage answer)
    {
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation));
        return body.RootElement.GetProperty("error").GetProperty("code").GetString();
    }

    private static string Body(string model, string more = "") =>
        $$"""{"model":"{{model}}","messages":[{"role":"user","content":"{{Words}}"}]{{more}}}""";

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
