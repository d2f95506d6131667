using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Administration;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Components.Keys.Explain;
using NexLlm.Dashboard.Components.Urls;
using NexLlm.Dashboard.Gateway.Settings;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Tests.TestKit;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Tests.Usage;

/// <summary>What is explained is what happens: every answer is compared with the gateway's own to the same request.</summary>
public sealed class RequestExplainerTests : IAsyncLifetime
{
    private const string Claude = "claude";
    private const string ClaudeBody = """{"model":"claude","max_tokens":5,"messages":[{"role":"user","content":"Hi"}]}""";

    private GatewayApp _app = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _app = await GatewayApp.StartAsync();
        _app.AddChannel(1, "anthropic", _app.Upstream.BaseUrl, Claude, type: "Anthropic");
        _app.Upstream.Answer = FakeUpstream.ChatOf("Hello", 3, 1);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    public static TheoryData<string> Cases => [.. _cases.Keys];

    private static readonly Dictionary<string, (Func<KeyPolicy, KeyPolicy> Policy, string Model, long? AccountLimit)> _cases = new()
    {
        ["allowed"] = (p => p, GatewayApp.Model, null),
        ["key_expired"] = (p => p with { Expiration = new Expiration(NexLlmApp.Start.AddMinutes(1)) }, GatewayApp.Model, null),
        ["ip_not_authorized"] = (p => p with { Ips = Only("203.0.113.7") }, GatewayApp.Model, null),
        ["model_not_found"] = (p => p, "no-such-model", null),
        ["model_not_allowed"] = (p => p with { Models = ModelRestriction.Only(["nexllm-echo"]) }, GatewayApp.Model, null),
        ["insufficient_quota"] = (p => p with { TokenLimit = 2 }, GatewayApp.Model, null),
        ["insufficient_account_quota"] = (p => p, GatewayApp.Model, 2),
        ["key_disabled"] = (p => p, GatewayApp.Model, null),
        ["account_disabled"] = (p => p, GatewayApp.Model, null),
        ["wrong_endpoint"] = (p => p, Claude, null),
        ["quota_reserved"] = (p => p with { TokenLimit = 8_000 }, GatewayApp.Model, null),
        ["too_many_requests"] = (p => p, GatewayApp.Model, null),
        ["too_many_requests of the account"] = (p => p, GatewayApp.Model, null),
    };

    // Found out by trying, so each has a test of its own.
    private static readonly string[] _ofChannels = ["no_channel", "upstream_misconfigured"];

    [Fact]
    public void Every_check_of_the_policy_is_compared_with_the_gateway() => Assert.Empty(
        AccessPolicy.Verdicts.Select(verdict => VerdictErrors.For(verdict).Code).Except(_cases.Keys).Except(_ofChannels));

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task It_answers_as_the_gateway_does_to_the_letter(string name)
    {
        var (policy, model, limit) = _cases[name];
        var code = name.Split(' ')[0];
        using var caller = await _app.CreateCallerAsync(policy, accountLimit: limit);
        if (code == "key_disabled")
        {
            await _app.Keys.SetEnabledAsync(caller.Owner, [caller.KeyId], enabled: false, Cancellation);
        }

        if (code == "account_disabled")
        {
            await DisableAsync(caller.Owner);
        }

        var others = code == "quota_reserved" ? await ReserveAsync(caller, 7_999) : null;
        if (code == "too_many_requests")
        {
            Running(await LiveAsync(caller), ofAccount: name != code) = new GatewayOptions().MaxConcurrentPerAccount;
        }

        _app.Clock.Advance(TimeSpan.FromMinutes(2));
        using var answer = await caller.ChatAsync(model);

        // Whose account is disabled asks nothing any more.
        var asking = code == "account_disabled" ? await _app.CreateActorAsync(administrator: true) : caller.Owner;
        var explanation = (await ExplainAsync(asking, caller.KeyId, model, await TokensAsync(caller, code)))!;
        others?.Abandon();

        if (code == "allowed")
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.All(explanation.Checks, check => Assert.True(check.Passed, check.Sentence));
            Assert.Null(explanation.Error);
            return;
        }

        await SameAsync(code, answer, explanation);
    }

    [Fact]
    public async Task Where_every_stage_blocks_both_name_the_first_and_then_the_next()
    {
        using var caller = await _app.CreateCallerAsync(p => p with { Ips = Only("203.0.113.7"), TokenLimit = 2 });
        var live = await LiveAsync(caller);
        live.Running = new GatewayOptions().MaxConcurrentPerKey;

        await BothSayAsync("ip_not_authorized", "no-such-model");
        var version = (await _app.Keys.FindAsync(caller.Owner, caller.KeyId, Cancellation))!.Version;
        await _app.Keys.EditAsync(caller.Owner, new EditKey(caller.KeyId, version, Ips: IpAllowlist.Any), Cancellation);
        await BothSayAsync("too_many_requests", "no-such-model");
        live.Running = 0;
        await BothSayAsync("model_not_found", "no-such-model");
        await BothSayAsync("insufficient_quota", GatewayApp.Model);

        async Task BothSayAsync(string code, string model)
        {
            using var answer = await caller.ChatAsync(model);
            using var body = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(Cancellation));
            Assert.Equal(code, body.RootElement.GetProperty("error").GetProperty("code").GetString());
            Assert.Equal(code, (await ExplainAsync(caller.Owner, caller.KeyId, model))!.Error!.Code);
        }
    }

    [Fact]
    public async Task While_all_channels_are_paused_it_tells_the_same_wait_as_the_gateway()
    {
        await using var app = await GatewayApp.StartAsync(("Routing:CircuitMinimumCalls", "2"), ("Routing:CircuitFailureRatio", "1"));
        using var caller = await app.CreateCallerAsync();
        app.Upstream.Answer = FakeUpstream.Json("{}", 500);
        for (var i = 0; i < 2; i++)
        {
            using var failed = await caller.ChatAsync();
        }

        app.Clock.Advance(new RoutingOptions().CircuitRest / 2);
        using var answer = await caller.ChatAsync();
        var explanation = await ExplainAsync(app, caller);

        await SameAsync("no_channel", answer, explanation);
        Assert.Equal(new RoutingOptions().CircuitRest / 2, explanation.Blocker!.RetryAfter);
    }

    [Fact]
    public async Task Where_a_provider_rejects_the_channels_key_it_says_what_the_gateway_says()
    {
        await using var app = await GatewayApp.StartAsync(("ChannelHealth:Enabled", "true"));
        app.Upstream.Answer = FakeUpstream.Json("{}", 401);
        using var caller = await app.CreateCallerAsync();
        await GatewayApp.UntilAsync(async () => (await ExplainAsync(app, caller)).Blocker is not null);
        using var answer = await caller.ChatAsync();

        await SameAsync("upstream_misconfigured", answer, await ExplainAsync(app, caller));
    }

    [Fact]
    public async Task In_Anthropics_dialect_it_answers_to_the_letter_too()
    {
        using var allowed = await _app.CreateCallerAsync();
        Assert.Null((await ExplainAsync(allowed.Owner, allowed.KeyId, Claude, api: UpstreamApi.Messages))!.Blocker);

        using var caller = await _app.CreateCallerAsync(p => p with { Models = ModelRestriction.Only([GatewayApp.Model]) });
        using var answer = await caller.PostAsync("/v1/messages", ClaudeBody);
        var body = await answer.Content.ReadAsByteArrayAsync(Cancellation);
        var error = (await ExplainAsync(caller.Owner, caller.KeyId, Claude, api: UpstreamApi.Messages))!.Error!;

        Assert.Equal((403, "model_not_allowed"), ((int)answer.StatusCode, error.Code));
        Assert.Equal(body, error.ToAnthropicJson(answer.Headers.GetValues("x-request-id").Single()));
    }

    [Fact]
    public async Task Counting_tokens_needs_no_quota_that_other_requests_hold_and_no_more_than_some()
    {
        const string Body = """{"model":"claude","messages":[{"role":"user","content":"Hi"}]}""";
        using var caller = await _app.CreateCallerAsync(p => p with { TokenLimit = 8_000 });
        var others = await ReserveAsync(caller, 8_000);
        using var answer = await caller.PostAsync("/v1/messages/count_tokens", Body);
        var explanation = (await ExplainAsync(caller.Owner, caller.KeyId, Claude, tokens: 1_000_000, api: UpstreamApi.CountTokens))!;
        others.Abandon();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Null(explanation.Blocker);
        Assert.Equal(0, explanation.ChargedTokens);

        using var spent = await _app.CreateCallerAsync(accountLimit: 0);
        using var refused = await spent.PostAsync("/v1/messages/count_tokens", Body);
        var error = (await ExplainAsync(spent.Owner, spent.KeyId, Claude, api: UpstreamApi.CountTokens))!.Error!;
        Assert.Equal(await refused.Content.ReadAsByteArrayAsync(Cancellation), error.ToAnthropicJson(refused.Headers.GetValues("x-request-id").Single()));
    }

    [Fact]
    public async Task A_refused_line_of_the_log_asks_the_question_that_is_answered_in_the_same_way()
    {
        using var caller = await _app.CreateCallerAsync(p => p with { TokenLimit = 5_000 });
        using var answer = await caller.ChatAsync(text: new string('x', 200_000));
        await GatewayApp.UntilAsync(async () => (await _app.LinesAsync(caller.Owner)).Count == 1);
        var line = (await _app.LinesAsync(caller.Owner)).Single();
        var form = new ExplainForm(ExplainAddress.Of(line), own: null, TimeZoneInfo.Utc);

        Assert.True(form.TryRead(_app.Clock.GetUtcNow(), out var request, out _));
        var explanation = await Explainer.ExplainAsync(caller.Owner, line.KeyId!.Value, request, Cancellation);
        Assert.Equal((line.Code, line.Status), (explanation!.Error?.Code, explanation.Error?.Status));
        Assert.Equal("insufficient_quota", line.Code);
        Assert.Equal(line.NeededTokens, explanation.ChargedTokens);
    }

    [Fact]
    public async Task It_asks_about_any_time_and_spends_nothing()
    {
        using var caller = await _app.CreateCallerAsync(p => p with { TokenLimit = 100, Expiration = new Expiration(NexLlmApp.Start.AddDays(1)) });

        var now = await ExplainAsync(caller.Owner, caller.KeyId, GatewayApp.Model, 100);
        var later = await ExplainAsync(caller.Owner, caller.KeyId, GatewayApp.Model, 100, NexLlmApp.Start.AddDays(1));

        Assert.Null(now!.Blocker);
        Assert.Equal(Verdict.KeyExpired, later!.Blocker!.Verdict);
        Assert.Empty(await caller.ChargesAsync());
        Assert.Null((await ExplainAsync(caller.Owner, caller.KeyId, GatewayApp.Model, 100))!.Blocker);
        Assert.Equal(Verdict.InsufficientQuota, (await ExplainAsync(caller.Owner, caller.KeyId, GatewayApp.Model, 101))!.Blocker!.Verdict);
    }

    [Fact]
    public async Task Another_persons_key_does_not_exist_and_an_administrator_may_ask()
    {
        using var caller = await _app.CreateCallerAsync();

        Assert.Null(await ExplainAsync(await _app.CreateActorAsync(), caller.KeyId, GatewayApp.Model));
        Assert.NotNull(await ExplainAsync(await _app.CreateActorAsync(administrator: true), caller.KeyId, GatewayApp.Model));
        await _app.Keys.DeleteAsync(caller.Owner, [caller.KeyId], Cancellation);
        Assert.Null(await ExplainAsync(caller.Owner, caller.KeyId, GatewayApp.Model));
    }

    private RequestExplainer Explainer => _app.Services.GetRequiredService<RequestExplainer>();

    private Task<Explanation?> ExplainAsync(
        Actor actor, long keyId, string model, long tokens = 10, DateTimeOffset? at = null, UpstreamApi api = UpstreamApi.ChatCompletions) =>
        Explainer.ExplainAsync(actor, keyId, new ImaginedRequest(model, IPAddress.Loopback, tokens, at ?? _app.Clock.GetUtcNow(), api), Cancellation);

    private static async Task<Explanation> ExplainAsync(GatewayApp app, Caller caller) => (await app.Service<RequestExplainer>().ExplainAsync(
        caller.Owner, caller.KeyId, new ImaginedRequest(GatewayApp.Model, IPAddress.Loopback, 10, app.Clock.GetUtcNow()), Cancellation))!;

    private static async Task SameAsync(string code, HttpResponseMessage answer, Explanation explanation)
    {
        var body = await answer.Content.ReadAsByteArrayAsync(Cancellation);
        Assert.Equal(code, JsonDocument.Parse(body).RootElement.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal((int)answer.StatusCode, explanation.Error!.Status);
        Assert.Equal(body, explanation.Error.ToJson(param: null));
        foreach (var name in (string[])["Retry-After", "retry-after-ms", "x-should-retry"])
        {
            Assert.Equal(
                answer.Headers.TryGetValues(name, out var values) ? values.Single() : null,
                explanation.Error.RetryHeaders.SingleOrDefault(header => header.Key == name).Value);
        }

        Assert.Same(explanation.Blocker, explanation.Checks.First(check => !check.Passed));
    }

    /// <summary>Another request with the same key, in progress.</summary>
    private async Task<ChargeTicket> ReserveAsync(Caller caller, long tokens) => _app.Reserve(await LiveAsync(caller), tokens, 0);

    private static ref int Running(LiveKey key, bool ofAccount) => ref ofAccount ? ref key.Account.Running : ref key.Running;

    /// <summary>The key as a request finds it.</summary>
    private async Task<LiveKey> LiveAsync(Caller caller)
    {
        Assert.True(KeySecret.TryParse(caller.Secret, out var secret));
        return (await _app.Directory.FindAsync(KeyHash.Of(secret.Hash), Cancellation))!;
    }

    /// <summary>Where the error says how many were needed, as many as the log says.</summary>
    private async Task<long> TokensAsync(Caller caller, string code)
    {
        if (!code.StartsWith("insufficient", StringComparison.Ordinal))
        {
            return 10;
        }

        await GatewayApp.UntilAsync(async () => (await _app.LinesAsync(caller.Owner)).Count == 1);
        return (await _app.LinesAsync(caller.Owner)).Single().NeededTokens!.Value;
    }

    private async Task DisableAsync(Actor account)
    {
        var people = _app.Services.GetRequiredService<AccountAccess>();
        await people.SetEnabledAsync(await _app.CreateActorAsync(administrator: true), account.AccountId!.Value, enabled: false, Cancellation);
    }

    private static IpAllowlist Only(string text) =>
        IpAllowlist.TryParse(text, out var ips, out _) ? ips : throw new ArgumentException(text);
}
