using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Gateway;

/// <summary>Every refusal, by status and code, at the door itself.</summary>
public sealed class RejectionTests
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
            [("Authorization", $"Bearer {caller.Secret}x")],
            [("Authorization", $"Bearer {caller.Secret[..^1]}")],
            [("Authorization", $"Bearer {caller.Secret.ToUpperInvariant()}")],
            [("Authorization", $"Bearer {KeySecret.Generate().Reveal()}")],
            [("Authorization", $"Bearer {deleted.Secret}")],
            [("Authorization", $"Bearer {caller.Secret}"), ("x-api-key", KeySecret.Generate().Reveal())],
            [("Authorization", $"Bearer {caller.Secret}"), ("api-key", "canary")],
            [("Authorization", $"Bearer {caller.Secret}"), ("Authorization", $"Bearer {KeySecret.Generate().Reveal()}")],
            [("x-api-key", $"{caller.Secret},{caller.Secret}")],
            [("x-api-key", "")],
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
    [InlineData("?api_key={0}", "'api_key'")]
    [InlineData("?beta=true&key={0}", "'key'")]
    [InlineData("?x=Bearer%20{0}", "'x'")]
    [InlineData("?x=sk%2Dnexllm%2Dabc", "'x'")]
    [InlineData("?{0}=1", "query string")]
    public async Task A_key_in_the_URL_is_refused_even_next_to_a_valid_header_and_the_error_names_its_parameter(string query, string named)
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync();
        using var answer = await caller.PostAsync(
            "/v1/chat/completions" + query.Replace("{0}", caller.Secret, StringComparison.Ordinal), Caller.ChatBody());

        var error = await ExpectAsync(answer, 401, "invalid_request_error", "invalid_api_key");
        Assert.Contains(named, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain(caller.Secret, error.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?trace=task-1")]
    [InlineData("?max_token=5")]
    [InlineData("?beta=true")]
    [InlineData("?key=abc&token=%zz")]
    [InlineData("?sk-=1")]
    public async Task Any_other_query_passes(string query)
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync();
        using var answer = await caller.PostAsync("/v1/chat/completions" + query, Caller.ChatBody());

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("/v1/chat/completions", Assert.Single(app.Upstream.Received).Path);
    }

    [Theory]
    [InlineData("Authorization: Bearer {0}")]
    [InlineData("Authorization: bearer  {0}")]
    [InlineData("Authorization: {0}")]
    [InlineData("x-api-key: {0}")]
    [InlineData("api-key: {0}")]
    [InlineData("Authorization: Bearer {0}|x-api-key: {0}")]
    [InlineData("Authorization: Bearer {0}|x-api-key: ")]
    [InlineData("Authorization: Bearer|x-api-key: {0}")]
    [InlineData("Authorization: Bearer {0}|x-api-key: {0}|api-key: {0}")]
    public async Task One_key_opens_the_door_in_whichever_header_it_stands_and_however_often(string headers)
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync();
        using var http = new HttpClient { BaseAddress = app.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = Json(Caller.ChatBody()) };
        foreach (var header in headers.Replace("{0}", caller.Secret, StringComparison.Ordinal).Split('|'))
        {
            request.Headers.TryAddWithoutValidation(header.Split(':')[0], header.Split(':')[1].TrimStart());
        }

        using var answer = await http.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("no-such-model", "The model 'no-such-model' does not exist or you do not have access to it. See GET /v1/models.")]
    [InlineData("aws/claude:v1@2", "The model 'aws/claude:v1@2' does not exist or you do not have access to it. See GET /v1/models.")]
    [InlineData("sk-proj-secret", "The model does not exist or you do not have access to it. See GET /v1/models.")]
    [InlineData("x\\u001b[31m", "The model does not exist or you do not have access to it. See GET /v1/models.")]
    [InlineData("x\\u202ey", "The model does not exist or you do not have access to it. See GET /v1/models.")]
    public async Task An_unknown_model_is_named_unless_its_name_is_no_name(string model, string message)
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync();
        using var answer = await caller.ChatAsync(model);

        var error = await ExpectAsync(answer, 404, "invalid_request_error", "model_not_found");
        Assert.Equal(message, error.GetProperty("message").GetString());
    }

    [Fact]
    public async Task A_refusal_names_the_limit_and_the_value()
    {
        await using var app = await GatewayApp.StartAsync();
        using var abroad = await app.CreateCallerAsync(policy => policy with { Ips = Ips("203.0.113.7") });
        using var poor = await app.CreateCallerAsync(policy => policy with { TokenLimit = 12 });
        using var account = await app.CreateCallerAsync(accountLimit: 12);
        using var address = await abroad.ChatAsync();
        using var key = await poor.ChatAsync(text: string.Join(' ', Enumerable.Repeat("word", 1_500)));
        using var whole = await account.ChatAsync(text: string.Join(' ', Enumerable.Repeat("word", 1_500)));

        Assert.Equal("Requests from your IP address (127.0.0.1) are not allowed for this API key.", await MessageAsync(address));
        Assert.Matches(@"^Insufficient quota: this request needs up to [\d,]{5,} tokens, this key has 12 left\.$", await MessageAsync(key));
        Assert.Matches(@"^Insufficient quota: this request needs up to [\d,]{5,} tokens, the account has 12 left\.$", await MessageAsync(whole));
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
    [InlineData("POST", "/v1/files", 404, "unknown_url")]
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

    private static async Task<string?> MessageAsync(HttpResponseMessage answer)
    {
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation));
        return body.RootElement.GetProperty("error").GetProperty("message").GetString();
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
