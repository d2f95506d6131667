using System.Net;
using System.Text;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Gateway;

/// <summary>That a client cannot lead a request elsewhere, or under another name, and that what an upstream gets is what was checked.</summary>
public sealed class SteeringTests : IAsyncLifetime
{
    private const string Canary = "canary-7d1f";

    private GatewayApp _app = null!;
    private Caller _caller = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Ways to say where a request should go, whose it is, or whose money it spends.</summary>
    public static TheoryData<string, string> Headers => new()
    {
        { "X-Forwarded-Host", Canary },
        { "X-Original-URL", $"/{Canary}" },
        { "X-Rewrite-URL", $"/{Canary}" },
        { "X-HTTP-Method-Override", "DELETE" },
        { "Forwarded", $"host={Canary}" },
        { "OpenAI-Organization", Canary },
        { "OpenAI-Project", Canary },
        { "OpenAI-Beta", Canary },
        { "anthropic-beta", Canary },
        { "anthropic-version", Canary },
        { "x-goog-api-key", Canary },
        { "Helicone-Auth", Canary },
        { "Helicone-Target-URL", $"http://{Canary}" },
        { "x-portkey-config", Canary },
        { "x-litellm-api-base", Canary },
        { "Cookie", Canary },
        { "Proxy-Authorization", Canary },
        { "Accept", Canary },
        { "User-Agent", Canary },
        { "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" },
        { "X-Request-Id", Canary },
        { "Idempotency-Key", Canary },
        { "Expect", "100-continue" },
        { "TE", "trailers" },
    };

    public static TheoryData<string> Members => new()
    {
        $"\"api_base\":\"http://{Canary}\"",
        $"\"base_url\":\"http://{Canary}\"",
        $"\"api_key\":\"{Canary}\"",
        $"\"extra_headers\":{{\"Host\":\"{Canary}\"}}",
        $"\"extra_body\":{{\"model\":\"{Canary}\"}}",
        $"\"organization\":\"{Canary}\"",
        $"\"project\":\"{Canary}\"",
        $"\"api_\\u0062ase\":\"http://{Canary}\"",
    };

    public async ValueTask InitializeAsync()
    {
        _app = await GatewayApp.StartAsync();
        _caller = await _app.CreateCallerAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _caller.Dispose();
        await _app.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Headers))]
    public async Task No_header_of_a_client_reaches_the_upstream(string name, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent(Caller.ChatBody(), Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await _caller.Http.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        ExpectOwn(Assert.Single(_app.Upstream.Received));
    }

    /// <summary>What Claude Code sends by default.</summary>
    private const string ClaudeCodeBetas =
        "claude-code-20250219,interleaved-thinking-2025-05-14,thinking-token-count-2026-05-13,context-management-2025-06-27,"
        + "prompt-caching-scope-2026-01-05,mid-conversation-system-2026-04-07,effort-2025-11-24";

    [Theory]
    [InlineData("2023-06-01", ClaudeCodeBetas, "2023-06-01", ClaudeCodeBetas)]
    [InlineData("2024-01-01", "unheard-of-2031-01-01", "2024-01-01", "unheard-of-2031-01-01")]
    [InlineData(null, null, "2023-06-01", null)]
    [InlineData("a\tb", "a b, c", "2023-06-01", "c")]
    [InlineData("2023-06-01", "files-api-2025-04-14", "2023-06-01", null)]
    [InlineData("2023-06-01", "effort-2025-11-24, Files-API-2025-04-14, skills-2025-10-02,context-1m-2025-08-07", "2023-06-01", "effort-2025-11-24,context-1m-2025-08-07")]
    [InlineData("2023-06-01", "code-execution-2025-08-25,mcp-client-2025-11-20,agent-memory-2026-07-22,managed-agents-2026-04-01,server-side-fallback-2026-07-01", "2023-06-01", null)]
    public async Task Of_Anthropics_clients_the_version_and_the_betas_go_on_but_none_that_opens_stored_state(string? version, string? beta, string sentVersion, string? sentBeta)
    {
        await using var app = await GatewayApp.StartAsync();
        app.AddChannel(1, "anthropic", app.Upstream.BaseUrl, "claude", type: "Anthropic");
        using var caller = await app.CreateCallerAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/messages?beta=true")
        {
            Content = new StringContent("""{"model":"claude","max_tokens":5,"context_management":{"edits":[]},"messages":[{"role":"user","content":"Hi"}]}""", Encoding.UTF8, "application/json"),
        };
        Add(request, "anthropic-version", version);
        Add(request, "anthropic-beta", beta);
        Add(request, "anthropic-workspace-id", Canary);
        Add(request, "anthropic-dangerous-direct-browser-access", "true");
        Add(request, "x-stainless-os", Canary);
        Add(request, "x-app", Canary);
        using var answer = await caller.Http.SendAsync(request, Cancellation);
        var sent = Assert.Single(app.Upstream.Received);

        Assert.Equal("/v1/messages", sent.Path);
        Assert.Equal((sentVersion, sentBeta), (sent.Headers["anthropic-version"], sent.Headers.GetValueOrDefault("anthropic-beta")));
        Assert.Equal("provider-key-of-anthropic", sent.Headers["x-api-key"]);
        Assert.Contains("context_management", sent.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(sent.Headers, header => header.Value.Contains(Canary, StringComparison.Ordinal));
        Assert.DoesNotContain("anthropic-dangerous-direct-browser-access", sent.Headers.Keys);
    }

    private static void Add(HttpRequestMessage request, string name, string? value)
    {
        if (value is not null)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
    }

    [Theory]
    [MemberData(nameof(Members))]
    public async Task A_member_of_a_body_that_leads_elsewhere_is_refused_by_its_name(string member)
    {
        using var first = await _caller.PostAsync("/v1/chat/completions", $$"""{{{member}},"model":"gpt-4o","messages":[]}""");
        using var last = await _caller.ChatAsync(more: $",{member}");

        foreach (var answer in (HttpResponseMessage[])[first, last])
        {
            var error = await RejectionTests.ExpectAsync(answer, 400, "invalid_request_error", "invalid_request");
            var name = error.GetProperty("param").GetString()!;
            Assert.Equal(System.Text.Json.JsonElement.Parse($"{{{member}}}").EnumerateObject().Single().Name, name);
            Assert.StartsWith($"'{name}' is not supported", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        }

        Assert.Empty(_app.Upstream.Received);
    }

    [Theory]
    [InlineData("/v1/chat/completions?x=canary-7d1f")]
    [InlineData("/v1/chat/completions?api-version=canary-7d1f")]
    [InlineData("/v1/./chat/completions")]
    [InlineData("/v1/x/../chat/completions")]
    public async Task No_part_of_the_address_but_the_known_one_reaches_the_upstream(string address)
    {
        using var answer = await _caller.PostAsync(address, Caller.ChatBody());

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        ExpectOwn(Assert.Single(_app.Upstream.Received));
    }

    [Fact]
    public async Task A_streamed_request_is_stored_nowhere_and_asks_for_usage()
    {
        using var answer = await _caller.ChatAsync(more: ",\"store\":true,\"stream\":true,\"stream_options\":{\"include_usage\":false,\"other\":1}");
        using var sent = System.Text.Json.JsonDocument.Parse(Assert.Single(_app.Upstream.Received).Body);

        Assert.False(sent.RootElement.GetProperty("store").GetBoolean());
        Assert.True(sent.RootElement.GetProperty("stream_options").GetProperty("include_usage").GetBoolean());
        Assert.Equal(1, sent.RootElement.GetProperty("stream_options").GetProperty("other").GetInt32());
    }

    [Theory]
    [InlineData("/v1/responses", "{\"model\":\"gpt-4o\",\"input\":\"x\",\"previous_response_id\":\"resp_1\"}", "previous_response_id")]
    [InlineData("/v1/responses", "{\"model\":\"gpt-4o\",\"input\":\"x\",\"background\":true}", "background")]
    [InlineData("/v1/responses", "{\"model\":\"gpt-4o\",\"input\":\"x\",\"conversation\":\"conv_1\"}", "conversation")]
    [InlineData("/v1/responses", "{\"model\":\"gpt-4o\",\"prompt\":{\"id\":\"pmpt_1\"}}", "prompt")]
    [InlineData("/v1/responses", "{\"model\":\"gpt-4o\",\"input\":\"x\",\"tools\":[{\"type\":\"file_search\",\"vector_store_ids\":[\"vs_1\"]}]}", "vector_store_ids")]
    [InlineData("/v1/chat/completions", "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"file\",\"file\":{\"file_id\":\"file-1\"}}]}]}", "file_id")]
    public async Task What_is_kept_at_the_provider_is_out_of_reach(string path, string body, string member)
    {
        using var answer = await _caller.PostAsync(path, body);

        var error = await RejectionTests.ExpectAsync(answer, 400, "invalid_request_error", "unsupported_state");
        Assert.Contains(member, error.GetProperty("param").GetString(), StringComparison.Ordinal);
        Assert.Empty(_app.Upstream.Received);
    }

    /// <summary>Everything in it is the channel's.</summary>
    private static void ExpectOwn(ReceivedRequest sent)
    {
        Assert.Equal(("POST", "/v1/chat/completions"), (sent.Method, sent.Path));
        Assert.Equal(
            ["accept", "authorization", "content-length", "content-type", "host", "user-agent"],
            sent.Headers.Keys.Select(name => name.ToLowerInvariant()).Order());
        Assert.Equal("Bearer provider-key-of-main", sent.Headers["Authorization"]);
        Assert.DoesNotContain(Canary, sent.Body + string.Concat(sent.Headers.Values), StringComparison.Ordinal);
    }
}
