using System.Text.Json;
using Microsoft.AspNetCore.Http;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Logs;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Gateway;

/// <summary>What follows from the failure of an upstream, beyond the one request.</summary>
public sealed class UpstreamFailureTests
{
    private const string ProviderKey = "provider-key-of-main";
    private const string Streamed = ",\"stream\":true";
    private const string Piece = """{"choices":[{"index":0,"delta":{"content":"one two three"}}]}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"error":{"message":"Bad header: Bearer provider-key-of-main","type":"invalid_request_error"}}""")]
    [InlineData("""{"error":{"message":"bad request","type":"invalid_request_error","headers":{"Authorization":"Bearer provider\u002dkey-of-main"}}}""")]
    [InlineData("Bad request: Bearer provider-key-of-main")]
    public async Task A_provider_key_that_an_upstream_repeats_reaches_neither_the_client_nor_the_log(string said)
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync();
        foreach (var status in (int[])[400, 403, 404, 429])
        {
            app.Upstream.Answer = FakeUpstream.Json(said, status);
            foreach (var more in (string[])["", Streamed])
            {
                using var answer = await caller.ChatAsync(more: more);
                using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation));
                Assert.DoesNotContain("key-of-main", body.RootElement.GetRawText(), StringComparison.Ordinal);
                Assert.Equal("invalid_request_error", status is 400 ? body.RootElement.GetProperty("error").GetProperty("type").GetString() : "invalid_request_error");
            }
        }

        Assert.DoesNotContain(ProviderKey, app.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_all_providers_limit_the_rate_the_client_is_told_the_shortest_wait()
    {
        await using var app = await GatewayApp.StartAsync();
        await using var second = await FakeUpstream.StartAsync();
        app.AddChannel(1, "second", second.BaseUrl, GatewayApp.Model, priority: -1);
        app.Upstream.Answer = Limiting("Retry-After", "37");
        second.Answer = Limiting("retry-after-ms", "90500");
        using var caller = await app.CreateCallerAsync();
        using var answer = await caller.ChatAsync();

        await RejectionTests.ExpectAsync(answer, 429, "rate_limit_error", "upstream_rate_limited");
        Assert.Equal("37", answer.Headers.GetValues("Retry-After").Single());
        Assert.Single(second.Received);
    }

    [Fact]
    public async Task What_a_client_can_provoke_lets_no_channel_rest_and_what_it_cannot_does_and_the_wait_is_the_rest()
    {
        await using var app = await GatewayApp.StartAsync(("Routing:CircuitMinimumCalls", "2"), ("Routing:CircuitFailureRatio", "1"));
        using var caller = await app.CreateCallerAsync();
        foreach (var (status, body) in ((int, string)[])[(400, "API key not valid"), (403, "no"), (404, "{\"error\":{\"message\":\"no model\"}}"), (422, "no")])
        {
            app.Upstream.Answer = FakeUpstream.Json(body, status);
            await AskAsync(caller, 3);
        }

        Assert.Equal(12, app.Upstream.Received.Count);
        app.Clock.Advance(new RoutingOptions().CircuitWindow * 2);
        app.Upstream.Answer = FakeUpstream.Json("""{"error":{"message":"in a 200"}}""");
        await AskAsync(caller, 12);
        Assert.Equal(14, app.Upstream.Received.Count);
        using var resting = await caller.ChatAsync();

        await RejectionTests.ExpectAsync(resting, 503, "server_error", "no_channel");
        Assert.Equal($"{new RoutingOptions().CircuitRest.TotalSeconds}", resting.Headers.GetValues("Retry-After").Single());
    }

    [Fact]
    public async Task An_upstream_that_rejects_the_usage_option_is_asked_without_it_and_from_then_on_at_once()
    {
        await using var app = await GatewayApp.StartAsync();
        app.Upstream.Answer = http => FakeUpstream.BodyOf(http).Contains("stream_options", StringComparison.Ordinal)
            ? FakeUpstream.Json("""{"error":{"message":"Unknown parameter: 'stream_options'.","type":"invalid_request_error","param":"stream_options"}}""", 400)(http)
            : FakeUpstream.ChatStreamOf(["one two three"], prompt: 9, completion: 3)(http);
        using var caller = await app.CreateCallerAsync();
        foreach (var calls in (int[])[2, 3])
        {
            using var answer = await caller.ChatAsync(more: Streamed);
            Assert.Contains("one two three", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
            Assert.Equal(calls, app.Upstream.Received.Count);
        }

        using var own = await caller.ChatAsync(more: ",\"stream\":true,\"stream_options\":{\"include_usage\":true}");
        Assert.Equal(400, (int)own.StatusCode);
        Assert.Equal(2, (await caller.ChargesAsync()).Count(charge => charge.ChargedTokens == 12));
    }

    [Fact]
    public async Task An_upstream_that_only_repeats_the_options_name_is_still_asked_for_usage()
    {
        await using var app = await GatewayApp.StartAsync();
        app.Upstream.Answer = FakeUpstream.Json("""{"error":{"message":"Invalid role: 'stream_options'","type":"invalid_request_error","param":"messages"}}""", 400);
        using var caller = await app.CreateCallerAsync();
        using var rejected = await caller.ChatAsync(more: Streamed);
        app.Upstream.Answer = FakeUpstream.ChatStreamOf(["a"], prompt: 9, completion: 3);
        using var answer = await caller.ChatAsync(more: Streamed);

        Assert.Equal((400, 200), ((int)rejected.StatusCode, (int)answer.StatusCode));
        Assert.Contains("stream_options", app.Upstream.Received.Last().Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/chat/completions", "data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":3}}\n\n", "data: [DONE]\n\n")]
    [InlineData("/v1/responses", "data: {\"type\":\"response.created\"}\n\n", "data: {\"type\":\"response.completed\",\"response\":{\"usage\":{\"input_tokens\":9,\"output_tokens\":3}}}\n\n")]
    public async Task The_last_event_ends_the_answer_though_the_connection_stays_open(string path, string events, string last)
    {
        await using var app = await GatewayApp.StartAsync();
        var left = new TaskCompletionSource();
        app.Upstream.Answer = async http =>
        {
            http.RequestAborted.Register(left.SetResult);
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync(events + last);
            await http.Response.Body.FlushAsync();
            await left.Task;
        };
        using var caller = await app.CreateCallerAsync();
        using var answer = await caller.PostAsync(path, $$$"""{"model":"{{{GatewayApp.Model}}}","input":"Hi","messages":[{"role":"user","content":"Hi"}],"stream":true,"stream_options":{"include_usage":true}}""");

        Assert.Equal(events + last, await answer.Content.ReadAsStringAsync(Cancellation));
        await left.Task.WaitAsync(Cancellation);
        var line = await LineAsync(app, caller.Owner);
        Assert.Equal((200, null, 12), (line.Status, line.Code, line.ChargedTokens));
    }

    [Fact]
    public async Task A_comment_that_keeps_a_stream_alive_arrives_before_its_first_event()
    {
        await using var app = await GatewayApp.StartAsync();
        var seen = new TaskCompletionSource();
        app.Upstream.Answer = async http =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync(": waiting\n\n");
            await http.Response.Body.FlushAsync();
            await seen.Task;
            await http.SendEventAsync(Piece);
            await http.SendEventAsync("[DONE]");
        };
        using var caller = await app.CreateCallerAsync();
        using var answer = await caller.ChatAsync(more: Streamed);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(Cancellation));

        Assert.Equal(": waiting", await lines.ReadLineAsync(Cancellation));
        seen.SetResult();
        Assert.EndsWith("data: [DONE]\n\n", await lines.ReadToEndAsync(Cancellation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(": waiting\n\n", "data: {\"error\":{\"message\":\"provider-key-of-main is bad\",\"code\":500}}\n\n", 502, "upstream_error", 0)]
    [InlineData("data: " + Piece + "\n\n", "data: {\"error\":{\"message\":\"provider-key-of-main is bad\"}}\n\n", 502, "upstream_error", 3)]
    [InlineData("data: " + Piece + "\n\n", "event: error\ndata: {\"error\":{\"code\":429,\"message\":\"slow\"}}\n\n", 429, "upstream_rate_limited", 3)]
    [InlineData("data: " + Piece + "\n\n", "data: {\"error\":{\"code\":\"context_length_exceeded\",\"message\":\"too long for provider-key-of-main\"}}", 400, "context_length_exceeded", 3)]
    public async Task An_error_in_the_middle_of_a_stream_ends_it_and_only_what_was_made_is_charged(string before, string error, int status, string code, int output)
    {
        await using var app = await GatewayApp.StartAsync();
        var seen = new TaskCompletionSource();
        app.Upstream.Answer = async http =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync(before);
            await http.Response.Body.FlushAsync();
            await seen.Task;
            await http.Response.WriteAsync(error);
        };
        using var caller = await app.CreateCallerAsync();
        using var answer = await caller.ChatAsync(more: Streamed);
        seen.SetResult();
        var text = await StreamTests.TextUntilBreakAsync(answer);
        var line = await LineAsync(app, caller.Owner);

        Assert.StartsWith(before, text, StringComparison.Ordinal);
        Assert.Contains($"\"code\":\"{code}\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", text, StringComparison.Ordinal);
        Assert.DoesNotContain(ProviderKey, text, StringComparison.Ordinal);
        Assert.Equal((status, code), (line.Status, line.Code));
        Assert.Equal(output, (await caller.ChargesAsync()).Single().OutputTokens);
        Assert.Equal(output > 0, await caller.ChargedAsync() > 0);
    }

    [Fact]
    public async Task A_response_that_failed_is_passed_on_as_it_is_logged_as_failed_and_not_charged()
    {
        await using var app = await GatewayApp.StartAsync();
        const string sent = "data: {\"type\":\"response.created\",\"response\":{\"error\":null}}\n\ndata: {\"type\":\"response.failed\",\"response\":{\"status\":\"failed\",\"error\":{\"code\":\"server_error\",\"message\":\"x\"},\"usage\":null}}\n\n";
        app.Upstream.Answer = http => http.Response.WriteAsync(sent);
        using var caller = await app.CreateCallerAsync();
        using var answer = await caller.PostAsync("/v1/responses", $$"""{"model":"{{GatewayApp.Model}}","input":"Hi","stream":true}""");

        Assert.Equal(sent, await answer.Content.ReadAsStringAsync(Cancellation));
        var line = await LineAsync(app, caller.Owner);
        Assert.Equal((502, "upstream_error", 0), (line.Status, line.Code, line.ChargedTokens));
        Assert.Equal(0, await caller.ChargedAsync());
    }

    private static RequestDelegate Limiting(string header, string value) => http =>
    {
        http.Response.Headers[header] = value;
        return FakeUpstream.Json("""{"error":{"message":"slow down"}}""", 429)(http);
    };

    private static async Task AskAsync(Caller caller, int times)
    {
        for (var i = 0; i < times; i++)
        {
            using var answer = await caller.ChatAsync();
            Assert.False(answer.IsSuccessStatusCode);
        }
    }

    private static async Task<LogEntry> LineAsync(GatewayApp app, Actor actor)
    {
        await GatewayApp.UntilAsync(async () => (await app.LinesAsync(actor)).Count > 0);
        return Assert.Single(await app.LinesAsync(actor));
    }
}
