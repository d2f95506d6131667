using System.Net;
using System.Text;
using System.Text.Json;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Gateway;

/// <summary>The addresses that OpenAI's client for .NET does not reach.</summary>
public sealed class EndpointTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_can_ask_what_is_left_of_it_as_clients_of_the_new_api_family_do()
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync(policy => policy with
        {
            TokenLimit = 1_000,
            Models = ModelRestriction.Only([GatewayApp.Model]),
            Expiration = new(app.Clock.GetUtcNow().AddDays(1)),
        });
        using var charged = await caller.ChatAsync();
        var data = (await JsonAsync(caller, "/api/usage/token")).GetProperty("data");

        Assert.Equal("token_usage", data.GetProperty("object").GetString());
        Assert.Equal((1_000, 12, 988), (data.GetProperty("total_granted").GetInt32(), data.GetProperty("total_used").GetInt32(), data.GetProperty("total_available").GetInt32()));
        Assert.False(data.GetProperty("unlimited_quota").GetBoolean());
        Assert.True(data.GetProperty("model_limits").GetProperty(GatewayApp.Model).GetBoolean());
        Assert.Equal(app.Clock.GetUtcNow().AddDays(1).ToUnixTimeSeconds(), data.GetProperty("expires_at").GetInt64());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Anthropics_dialect_is_answered_to_its_own_header(bool streamed)
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync();
        using var http = new HttpClient { BaseAddress = app.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/messages")
        {
            Content = new StringContent(
                $$"""{"model":"nexllm-echo","max_tokens":20,"stream":{{(streamed ? "true" : "false")}},"messages":[{"role":"user","content":"Say hello"}]}""",
                Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("x-api-key", caller.Secret);
        request.Headers.Add("anthropic-version", "2023-06-01");
        using var answer = await http.SendAsync(request, Cancellation);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains(streamed ? "event: message_stop" : "Say hello", text, StringComparison.Ordinal);
        Assert.True(await caller.ChargedAsync() > 0);
    }

    [Fact]
    public async Task Text_completions_are_answered_for_every_prompt()
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync();
        using var answer = await caller.PostAsync("/v1/completions", """{"model":"nexllm-echo","prompt":["one","two"],"max_tokens":5}""");
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation));

        Assert.Equal(["one", "two"], body.RootElement.GetProperty("choices").EnumerateArray().Select(c => c.GetProperty("text").GetString()));
        Assert.Equal(body.RootElement.GetProperty("usage").GetProperty("total_tokens").GetInt64(), await caller.ChargedAsync());
    }

    [Fact]
    public async Task A_key_has_so_many_requests_in_progress_and_not_one_more()
    {
        await using var app = await GatewayApp.StartAsync(("Gateway:MaxConcurrentPerKey", "2"));
        var free = new TaskCompletionSource();
        var answer = app.Upstream.Answer;
        app.Upstream.Answer = async http =>
        {
            await free.Task;
            await answer(http);
        };
        using var caller = await app.CreateCallerAsync();
        var running = new[] { caller.ChatAsync(), caller.ChatAsync() };
        await GatewayApp.UntilAsync(() => Task.FromResult(app.Upstream.Received.Count == 2));
        using var refused = await caller.ChatAsync();
        await RejectionTests.ExpectAsync(refused, 429, "rate_limit_error", "too_many_requests");
        free.SetResult();

        Assert.All(await Task.WhenAll(running), done => Assert.Equal(HttpStatusCode.OK, done.StatusCode));
        using var after = await caller.ChatAsync();
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }

    private static async Task<JsonElement> JsonAsync(Caller caller, string path)
    {
        using var body = JsonDocument.Parse(await caller.Http.GetStringAsync(path, Cancellation));
        return body.RootElement.Clone();
    }
}
