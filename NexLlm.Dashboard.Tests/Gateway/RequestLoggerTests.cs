using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Logs;
using NexLlm.Dashboard.Tests.TestKit;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Tests.Gateway;

/// <summary>What the log says of a request.</summary>
public sealed class RequestLoggerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answered_request_has_one_line_that_says_what_its_charge_says()
    {
        await using var app = await GatewayApp.StartAsync(("Provisioning:Groups:0:Name", "default"), ("Provisioning:Groups:0:Ratio", "0.5"));
        app.Upstream.Answer = FakeUpstream.ChatOf("ok", prompt: 11, completion: 6);
        using var caller = await app.CreateCallerAsync();
        using var answer = await caller.ChatAsync();
        await answer.Content.ReadAsStringAsync(Cancellation);
        var administrator = await app.CreateActorAsync(administrator: true);
        var line = await OnlyLineAsync(app, administrator);
        var charge = await caller.SettledAsync();

        Assert.Equal((charge.RequestId, charge.KeyId, 11, 6, charge.ChargedTokens), (line.RequestId, line.KeyId, line.InputTokens, line.OutputTokens, line.ChargedTokens));
        Assert.Equal(answer.Headers.GetValues("x-request-id").Single(), line.RequestId);
        Assert.Equal((200, null, "main", "default", GatewayApp.Model, UpstreamApi.ChatCompletions), (line.Status, line.Code, line.Channel, line.Group, line.Model, line.Api));
        Assert.Equal((IPAddress.Loopback, 1, UsageSource.Upstream), (line.Address, line.Requests, line.Source));
        Assert.NotNull(line.FirstByte);
        Assert.Equal(app.Clock.GetUtcNow(), line.At);
    }

    [Fact]
    public async Task A_refused_request_has_a_line_with_its_code_its_key_and_the_model_that_was_asked_for()
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync(policy => policy with { Models = ModelRestriction.Only(["nexllm-echo"]) });
        using var restricted = await caller.ChatAsync();
        var line = await OnlyLineAsync(app, caller.Owner);

        Assert.Equal((403, "model_not_allowed", caller.KeyId, GatewayApp.Model), (line.Status, line.Code, line.KeyId, line.Model));
        Assert.Equal((0, 0, 0), (line.InputTokens, line.OutputTokens, line.ChargedTokens));
        Assert.Null(line.FirstByte);
        Assert.Null(line.NeededTokens);

        using var unknown = await caller.ChatAsync(model: "no-such-model");
        Assert.Equal("no-such-model", (await app.LinesAsync(caller.Owner))[0].Model);
    }

    [Fact]
    public async Task No_secret_gets_into_the_log_not_even_in_the_place_of_a_model()
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync();
        using var answer = await caller.ChatAsync(model: caller.Secret);
        var line = await OnlyLineAsync(app, caller.Owner);

        Assert.Equal(("model_not_found", null), (line.Code, line.Model));
    }

    [Fact]
    public async Task An_unknown_key_is_logged_for_administrators_only()
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync();
        caller.Http.DefaultRequestHeaders.Authorization = new("Bearer", "sk-nexllm-nonsense");
        using var answer = await caller.ChatAsync();
        var line = await OnlyLineAsync(app, await app.CreateActorAsync(administrator: true));

        Assert.Equal((401, "invalid_api_key", null), (line.Status, line.Code, line.KeyId));
        Assert.Empty(await app.LinesAsync(caller.Owner));
    }

    [Fact]
    public async Task A_deleted_key_is_unknown_to_its_caller_and_told_to_its_owner()
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync();
        await app.Keys.DeleteAsync(caller.Owner, [caller.KeyId], Cancellation);
        using var answer = await caller.ChatAsync();
        var line = await OnlyLineAsync(app, caller.Owner);

        Assert.Equal((401, "invalid_api_key", caller.KeyId, true), (line.Status, line.Code, line.KeyId, line.IsKeyDeleted));
        Assert.StartsWith("key-", line.KeyName, StringComparison.Ordinal);
        Assert.Null(line.Group);
    }

    [Fact]
    public async Task What_a_request_needed_is_logged_where_its_quota_did_not_suffice()
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync(policy => policy with { TokenLimit = 10 });
        using var answer = await caller.ChatAsync(text: new string('x', 4_000), more: ",\"max_tokens\":7");
        var line = await OnlyLineAsync(app, caller.Owner);

        Assert.Equal("insufficient_quota", line.Code);
        Assert.InRange(line.NeededTokens!.Value, 500, 5_000);
    }

    [Fact]
    public async Task Reading_the_models_is_logged_only_when_it_is_refused()
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync();
        using var models = await caller.Http.GetAsync("/v1/models", Cancellation);
        Assert.Empty(await app.LinesAsync(caller.Owner));

        await app.Keys.SetEnabledAsync(caller.Owner, [caller.KeyId], enabled: false, Cancellation);
        using var refused = await caller.Http.GetAsync("/v1/models", Cancellation);
        Assert.Equal("key_disabled", (await OnlyLineAsync(app, caller.Owner)).Code);
    }

    [Fact]
    public async Task A_client_that_leaves_has_a_line_with_what_it_was_charged_in_the_end()
    {
        await using var app = await GatewayApp.StartAsync();
        var left = new TaskCompletionSource();
        // Registered first, so called last: the gateway has noticed by then.
        app.ConfigureServices = services => services.AddSingleton<IStartupFilter>(new Watch(http => http.RequestAborted.Register(left.SetResult)));
        app.Upstream.Answer = FakeUpstream.ChatStreamOf(["a", "b", "c"], prompt: 20, completion: 3, i => i == 1 ? left.Task : Task.CompletedTask);
        using var caller = await app.CreateCallerAsync();
        var answer = await caller.ChatAsync(more: ",\"stream\":true");
        var stream = await answer.Content.ReadAsStreamAsync(Cancellation);
        Assert.NotEqual(0, await stream.ReadAsync(new byte[1], Cancellation));
        answer.Dispose();
        var line = await OnlyLineAsync(app, caller.Owner);

        Assert.Equal((LogEntry.ClientLeft, null, 23), (line.Status, line.Code, line.ChargedTokens));
    }

    [Fact]
    public async Task A_stream_that_broke_says_so_although_it_had_begun_with_200()
    {
        await using var app = await GatewayApp.StartAsync();
        var seen = new TaskCompletionSource();
        app.Upstream.Answer = async http =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.SendEventAsync("""{"choices":[{"index":0,"delta":{"content":"one"}}]}""");
            await seen.Task;
            http.Abort();
        };
        using var caller = await app.CreateCallerAsync();
        using var answer = await caller.ChatAsync(more: ",\"stream\":true");
        seen.SetResult();
        var line = await OnlyLineAsync(app, caller.Owner);

        Assert.Equal((502, "upstream_error"), (line.Status, line.Code));
        Assert.Equal((await caller.SettledAsync()).ChargedTokens, line.ChargedTokens);
        Assert.True(line.ChargedTokens > 0);
    }

    /// <summary>Sees every request before the program does.</summary>
    private sealed class Watch(Action<HttpContext> see) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((http, following) =>
            {
                see(http);
                return following(http);
            });
            next(app);
        };
    }

    private static async Task<LogEntry> OnlyLineAsync(GatewayApp app, Actor actor)
    {
        // The line follows the end of the request, which a client can see a moment before.
        await GatewayApp.UntilAsync(async () => (await app.LinesAsync(actor)).Count > 0);
        return Assert.Single(await app.LinesAsync(actor));
    }
}
