using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Gateway;

/// <summary>Every refusal, by status and code, at the door itself.</summary>
public sealed class RefusalTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_has_no_right_key_is_told_the_same_whatever_is_wrong_with_it()
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync();
        var deleted = await app.CreateCallerAsync();
        await app.Keys.DeleteAsync(deleted.Owner, [deleted.KeyId], Cancellation);
        (string Header, string Value)[][] credentials =
        [
            [],
            [("Authorization", "Bearer")],
            [("Authorization", $"Basic {caller.Secret}")],
            [("Authorization", caller.Secret)],
            [("Authorization", $"Bearer {caller.Secret}x")],
            [("Authorization", $"Bearer {caller.Secret[..^1]}")],
            [("Authorization", $"Bearer {caller.Secret.ToUpperInvariant()}")],
            [("Authorization", $"Bearer {KeySecret.Generate().Reveal()}")],
            [("Authorization", $"Bearer {deleted.Secret}")],
            [("Authorization", $"Bearer {caller.Secret}"), ("x-api-key", caller.Secret)],
            [("Authorization", $"Bearer {caller.Secret}"), ("Authorization", $"Bearer {caller.Secret}")],
            [("x-api-key", $"Bearer {caller.Secret}")],
        ];
        using var http = new HttpClient { BaseAddress = app.Address };
        foreach (var headers in credentials)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = Json(Caller.ChatBody()) };
            foreach (var (header, value) in headers)
            {
                request.Headers.TryAddWithoutValidation(header, value);
            }

            using var answer = await http.SendAsync(request, Cancellation);
            await ExpectAsync(answer, 401, "invalid_request_error", "invalid_api_key");
        }

        Assert.Empty(app.Upstream.Received);
    }

    [Theory]
    [InlineData("?api_key={0}")]
    [InlineData("?key={0}")]
    [InlineData("?x={0}")]
    [InlineData("?access_token=1")]
    public async Task A_key_in_the_address_is_refused_even_beside_a_good_header(string query)
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync();
        using var answer = await caller.PostAsync(
            "/v1/chat/completions" + query.Replace("{0}", caller.Secret, StringComparison.Ordinal), Caller.ChatBody());

        await ExpectAsync(answer, 401, "invalid_request_error", "invalid_api_key");
    }

    [Fact]
    public async Task Either_header_opens_the_door()
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync();
        using var bearer = await caller.ChatAsync();
        using var http = new HttpClient { BaseAddress = app.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = Json(Caller.ChatBody()) };
        request.Headers.Add("x-api-key", caller.Secret);
        using var apiKey = await http.SendAsync(request, Cancellation);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (bearer.StatusCode, apiKey.StatusCode));
    }

    [Fact]
    public async Task Each_option_of_the_policy_refuses_with_its_own_code()
    {
        await using var app = await GatewayApp.StartAsync();
        await RefusedAsync(app, 401, "invalid_request_error", "ip_not_authorized", policy => policy with { Ips = Ips("203.0.113.7") });
        await RefusedAsync(app, 404, "invalid_request_error", "model_not_found", model: "no-such-model");
        await RefusedAsync(app, 404, "invalid_request_error", "model_not_found", model: "GPT-4o");
        await RefusedAsync(app, 403, "invalid_request_error", "model_not_allowed", policy => policy with { Models = ModelRestriction.Only(["nexllm-echo"]) });
        await RefusedAsync(app, 429, "insufficient_quota", "insufficient_quota", policy => policy with { TokenLimit = 3 });
        await RefusedAsync(app, 429, "insufficient_quota", "insufficient_account_quota", accountLimit: 0);
        await RefusedAsync(app, 401, "invalid_request_error", "key_expired", policy => policy with { Expiration = new(app.Clock.GetUtcNow().AddHours(1)) },
            then: _ => { app.Clock.Advance(TimeSpan.FromHours(1)); return Task.CompletedTask; });
        await RefusedAsync(app, 401, "invalid_request_error", "key_disabled", then: caller => app.Keys.SetEnabledAsync(caller.Owner, [caller.KeyId], false, Cancellation));

        Assert.Empty(app.Upstream.Received);
    }

    [Theory]
    [InlineData("", "invalid_request", null)]
    [InlineData("[]", "invalid_request", null)]
    [InlineData("{\"model\":\"gpt-4o\"", "invalid_request", null)]
    [InlineData("{\"messages\":[]}", "model_required", "model")]
    [InlineData("{\"model\":\"nexllm-echo\",\"model\":\"gpt-4o\",\"messages\":[]}", "invalid_request", "model")]
    [InlineData("{\"model\":\"gpt-4o\",\"messages\":[],\"n\":0}", "invalid_request", "n")]
    [InlineData("{\"model\":\"gpt-4o\",\"messages\":[],\"max_tokens\":-1}", "invalid_request", "max_tokens")]
    public async Task A_body_that_is_wrong_is_refused_with_the_member_that_is(string body, string code, string? param)
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync();
        using var answer = await caller.PostAsync("/v1/chat/completions", body);

        var error = await ExpectAsync(answer, 400, "invalid_request_error", code);
        Assert.Equal(param, error.GetProperty("param").GetString());
    }

    [Theory]
    [InlineData("GET", "/v1", 404, "unknown_url")]
    [InlineData("POST", "/v1/", 404, "unknown_url")]
    [InlineData("POST", "/v1/images/generations", 404, "unknown_url")]
    [InlineData("POST", "/V1/chat/completions", 404, "unknown_url")]
    [InlineData("POST", "/v1/chat/completions/", 404, "unknown_url")]
    [InlineData("GET", "/v1/chat/completions", 405, "method_not_allowed")]
    [InlineData("DELETE", "/v1/models", 405, "method_not_allowed")]
    [InlineData("POST", "/v1/models/gpt-4o", 405, "method_not_allowed")]
    [InlineData("POST", "/api/usage/token", 405, "method_not_allowed")]
    public async Task What_is_not_served_says_so_in_the_shape_of_every_error(string method, string path, int status, string code)
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync();
        using var answer = await caller.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Cancellation);

        await ExpectAsync(answer, status, "invalid_request_error", code);
        Assert.Equal(status == 405, answer.Content.Headers.Allow.Count > 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_that_is_too_large_is_refused_announced_or_not(bool announced)
    {
        await using var app = await GatewayApp.StartAsync(("Gateway:MaxBodyBytes", "2000"));
        using var caller = await app.CreateCallerAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = Json(Caller.ChatBody(text: new string('a', 3_000))) };
        request.Headers.TransferEncodingChunked = !announced;
        using var answer = await caller.Http.SendAsync(request, Cancellation);

        await ExpectAsync(answer, 413, "invalid_request_error", "request_too_large");
    }

    [Fact]
    public async Task An_error_of_the_Anthropic_dialect_has_Anthropics_shape()
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync();
        using var answer = await caller.PostAsync("/v1/messages", """{"model":"none","max_tokens":5,"messages":[{"role":"user","content":"Hi"}]}""");
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("error", body.RootElement.GetProperty("type").GetString());
        Assert.Equal("not_found_error", body.RootElement.GetProperty("error").GetProperty("type").GetString());
        Assert.Equal(answer.Headers.GetValues("x-request-id").Single(), body.RootElement.GetProperty("request_id").GetString());
    }

    [Fact]
    public async Task A_model_of_another_dialect_is_refused_with_the_address_to_use()
    {
        await using var app = await GatewayApp.StartAsync();
        app.AddChannel(1, "anthropic", app.Upstream.BaseUrl, "claude", type: "Anthropic");
        using var caller = await app.CreateCallerAsync();
        using var chat = await caller.ChatAsync("claude");
        using var messages = await caller.PostAsync("/v1/messages", """{"model":"gpt-4o","max_tokens":5,"messages":[{"role":"user","content":"Hi"}]}""");

        var error = await ExpectAsync(chat, 400, "invalid_request_error", "wrong_endpoint");
        Assert.Contains("POST /v1/messages", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, messages.StatusCode);
        Assert.Empty(app.Upstream.Received);
    }

    /// <summary>Expects the refusal with everything that belongs to it, and that nothing inside shows.</summary>
    internal static async Task<JsonElement> ExpectAsync(HttpResponseMessage answer, int status, string type, string code)
    {
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True((int)answer.StatusCode == status, $"{(int)answer.StatusCode} {text}");
        using var body = JsonDocument.Parse(text);
        var error = body.RootElement.GetProperty("error").Clone();
        Assert.Equal((type, code), (error.GetProperty("type").GetString(), error.GetProperty("code").GetString()));
        Assert.Equal(["message", "type", "param", "code"], error.EnumerateObject().Select(p => p.Name));
        Assert.StartsWith("req_", answer.Headers.GetValues("x-request-id").Single(), StringComparison.Ordinal);
        ExpectRetry(answer, isFinal: type == "insufficient_quota" || code == "upstream_misconfigured" || status is < 500 and not 429);
        return error;
    }

    /// <summary>Expects that clients are told not to retry what waiting cannot mend, and when to retry anything else only if that is known.</summary>
    private static void ExpectRetry(HttpResponseMessage answer, bool isFinal)
    {
        Assert.Equal(isFinal ? "false" : null, Header(answer, "x-should-retry"));
        var (seconds, milliseconds) = (Header(answer, "Retry-After"), Header(answer, "retry-after-ms"));
        Assert.Equal(seconds is null, milliseconds is null);
        if (seconds is not null)
        {
            Assert.False(isFinal);
            Assert.Equal(Math.Ceiling(int.Parse(milliseconds!, CultureInfo.InvariantCulture) / 1000.0), int.Parse(seconds, CultureInfo.InvariantCulture));
        }
    }

    private static string? Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? values.Single() : null;

    private static async Task RefusedAsync(
        GatewayApp app, int status, string type, string code, Func<KeyPolicy, KeyPolicy>? restrict = null,
        string model = GatewayApp.Model, long? accountLimit = null, Func<Caller, Task>? then = null)
    {
        using var caller = await app.CreateCallerAsync(restrict, accountLimit: accountLimit);
        await (then?.Invoke(caller) ?? Task.CompletedTask);
        using var answer = await caller.ChatAsync(model);
        await ExpectAsync(answer, status, type, code);
    }

    private static IpAllowlist Ips(string text) =>
        IpAllowlist.TryParse(text, out var ips, out _) ? ips : throw new ArgumentException(text, nameof(text));

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
