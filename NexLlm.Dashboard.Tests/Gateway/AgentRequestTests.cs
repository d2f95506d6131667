using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using NexLlm.Dashboard.Tests.Gateway.Dialects;
using NexLlm.Dashboard.Tests.TestKit;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Tests.Gateway;

/// <summary>What coding agents and SDKs send unless they are told otherwise works with a key that has a quota.</summary>
public sealed class AgentRequestTests
{
    private const string Codex = """
        {"model":"*","instructions":"You are Codex.","stream":true,"store":false,"include":["reasoning.encrypted_content"],
        "prompt_cache_key":"0199","parallel_tool_calls":true,"tool_choice":"auto","reasoning":{"effort":"medium","summary":"auto"},
        "text":{"verbosity":"low"},"service_tier":"auto","client_metadata":{"thread_id":"t","container":"none"},
        "input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"List the files"}]},
        {"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"gAAA"},
        {"type":"function_call","call_id":"c1","name":"shell","arguments":"{\"command\":[\"ls\"],\"file_id\":\"a\"}"},
        {"type":"function_call_output","call_id":"c1","output":"a.txt"},
        {"type":"web_search_call","id":"ws_1","status":"completed","action":{"type":"search","query":"x"}},
        {"type":"message","role":"assistant","content":[{"type":"output_text","text":"a.txt","annotations":[{"type":"container_file_citation","container_id":"c","file_id":"f"}]}]},
        {"type":"message","role":"user","content":[{"type":"input_text","text":"Thanks"}]}],
        "tools":[{"type":"function","name":"shell","strict":false,"parameters":{"type":"object","properties":{"command":{"type":"array","items":{"type":"string"}}}}},
        {"type":"custom","name":"apply_patch","format":{"type":"grammar","syntax":"lark","definition":"start: x"}},
        {"type":"local_shell"},{"type":"web_search"},
        {"type":"namespace","name":"mcp__docker","tools":[{"type":"function","name":"run","parameters":{"type":"object","properties":{"container":{"type":"string"}}}}]}]}
        """;

    private const string ClaudeCode = """
        {"model":"*","max_tokens":32000,"stream":true,"metadata":{"user_id":"user_1_account__session_2"},"temperature":1,
        "thinking":{"type":"enabled","budget_tokens":31999},"betas":["interleaved-thinking-2025-05-14"],
        "context_management":{"edits":[{"type":"clear_thinking_20251015","keep":"all"}]},"output_config":{"effort":"medium"},
        "system":[{"type":"text","text":"You are Claude Code.","cache_control":{"type":"ephemeral"}}],
        "messages":[{"role":"user","content":[{"type":"text","text":"List the files","cache_control":{"type":"ephemeral"}}]},
        {"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"AAAA"},{"type":"tool_use","id":"t","name":"Bash","input":{"command":"ls","container":"web"}}]},
        {"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"a.txt","is_error":false}]}],
        "tools":[{"name":"Bash","description":"Runs a command","input_schema":{"type":"object","properties":{"command":{"type":"string"},"container":{"type":"string"}}}},
        {"type":"web_search_20250305","name":"web_search","max_uses":8}]}
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/v1/responses", Codex)]
    [InlineData("/v1/messages", ClaudeCode)]
    public async Task An_agents_request_is_answered_by_the_built_in_model_for_a_key_with_a_quota(string path, string body)
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync(policy => policy with { TokenLimit = 60_000 });
        using var answer = await caller.PostAsync(path, body.Replace("*", "nexllm-echo", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("completed", (await answer.Content.ReadAsStringAsync(Cancellation)).Replace("message_stop", "completed", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.InRange((await caller.SettledAsync()).ChargedTokens, 1, 2_000);
    }

    [Theory]
    [InlineData("/v1/responses", Codex, "main")]
    [InlineData("/v1/messages", ClaudeCode, "anthropic")]
    public async Task An_agents_request_goes_upstream_as_it_came(string path, string body, string channel)
    {
        await using var app = await GatewayApp.StartAsync();
        app.AddChannel(1, "anthropic", app.Upstream.BaseUrl, "claude", "Anthropic");
        app.Upstream.Answer = async http =>
        {
            http.Response.ContentType = "text/event-stream";
            await HttpResponseWritingExtensions.WriteAsync(http.Response, channel == "main" ? SampleStreams.Responses : SampleStreams.Messages);
        };
        using var caller = await app.CreateCallerAsync();
        body = body.Replace("*", channel == "main" ? GatewayApp.Model : "claude", StringComparison.Ordinal);
        using var answer = await caller.PostAsync(path, body);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("Hi", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal(body, app.Upstream.Received.Single().Body);
    }

    [Fact]
    public async Task A_search_of_the_provider_reserves_its_bound_and_is_charged_up_to_it()
    {
        await using var app = await GatewayApp.StartAsync(("Gateway:ProviderToolTokens", "5000"));
        app.Upstream.Answer = FakeUpstream.ChatOf("ok", prompt: 4_000, completion: 6);
        using var rich = await app.CreateCallerAsync(policy => policy with { TokenLimit = 20_000 });
        using var poor = await app.CreateCallerAsync(policy => policy with { TokenLimit = 4_999 });
        using var answered = await rich.ChatAsync(more: ",\"web_search_options\":{},\"max_tokens\":50");
        using var refused = await poor.ChatAsync(more: ",\"web_search_options\":{},\"max_tokens\":50");

        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
        var charge = await rich.SettledAsync();
        Assert.Equal((4_006, UsageSource.Upstream), (charge.ChargedTokens, charge.Source));
        await RejectionTests.ExpectAsync(refused, 429, "insufficient_quota", "insufficient_quota");

        app.Upstream.Answer = FakeUpstream.ChatOf("ok", prompt: 90_000, completion: 6);
        using var greedy = await app.CreateCallerAsync(policy => policy with { TokenLimit = 20_000 });
        using var another = await greedy.ChatAsync(more: ",\"web_search_options\":{},\"max_tokens\":50");
        Assert.InRange((await greedy.SettledAsync()).ChargedTokens, 5_050, 5_300);
    }

    [Theory]
    [InlineData("", 16)]
    [InlineData(",\"max_tokens\":null", 16)]
    [InlineData(",\"max_tokens\":1.024e3", 1_024)]
    [InlineData(",\"max_tokens\":1024.0,\"n\":1.0", 1_024)]
    public async Task A_completion_without_a_cap_means_16_tokens_with_a_quota_too(string more, int cap)
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync(policy => policy with { TokenLimit = 60_000 });
        using var answer = await caller.PostAsync("/v1/completions", $$"""{"model":"gpt-4o","prompt":"Hi"{{more}}}""");
        using var sent = JsonDocument.Parse(app.Upstream.Received.Single().Body);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal($"{cap}", sent.RootElement.GetProperty("max_tokens").GetRawText());
    }

    [Fact]
    public async Task A_byte_order_mark_before_a_body_is_skipped()
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync(policy => policy with { TokenLimit = 5_000 });
        using var answer = await caller.PostAsync("/v1/chat/completions", $"\uFEFF{Caller.ChatBody(more: ",\"max_tokens\":9")}");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(Caller.ChatBody(more: ",\"max_tokens\":9"), app.Upstream.Received.Single().Body);
    }

    /// <summary>Providers bill what they read, also where they then say nothing.</summary>
    [Fact]
    public async Task An_answer_without_text_and_usage_is_charged_its_prompt()
    {
        await using var app = await GatewayApp.StartAsync();
        app.Upstream.Answer = FakeUpstream.Json("""{"choices":[{"index":0,"message":{"role":"assistant","content":""},"finish_reason":"stop"}]}""");
        using var caller = await app.CreateCallerAsync();
        using var answer = await caller.ChatAsync();
        var charge = await caller.SettledAsync();

        Assert.Equal((0, UsageSource.Counted), (charge.OutputTokens, charge.Source));
        Assert.InRange(charge.InputTokens, 5, 12);
    }

    [Theory]
    [InlineData("org/model:free@2024-01-01")]
    [InlineData("anthropic/claude-haiku-4.5@20251001")]
    [InlineData("qwen/qwen3:30b-a3b")]
    public async Task A_models_name_may_have_slashes_colons_and_at_signs(string model)
    {
        await using var app = await GatewayApp.StartAsync();
        app.AddChannel(1, "other", app.Upstream.BaseUrl, model);
        using var caller = await app.CreateCallerAsync();
        using var plain = await caller.ChatAsync(model);
        using var escaped = await caller.ChatAsync(model.Replace("/", "\\/", StringComparison.Ordinal));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (plain.StatusCode, escaped.StatusCode));
        Assert.All(app.Upstream.Received, sent => Assert.Equal(model, JsonElement.Parse(sent.Body).GetProperty("model").GetString()));
    }
}
