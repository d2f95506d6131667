using System.Net;
using System.Net.Sockets;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Profile;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Administration;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Channels.Upstream;
using NexLlm.Dashboard.Components.Keys.Examples;
using NexLlm.Dashboard.Components.Keys.Wizard;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Tests.TestKit;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Tests.Channels.Upstream;

/// <summary>What is known of channels without anybody asking, and that every place tells the same.</summary>
public sealed class ChannelHealthTests : IAsyncLifetime
{
    private const string Models = """{"object":"list","data":[{"id":"gpt-4o"}]}""";

    private static readonly ChannelHealthOptions _defaults = new();

    private GatewayApp _app = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _app = await GatewayApp.StartAsync(("ChannelHealth:Enabled", "true"));
        _app.Upstream.Answer = http => http.Request.Method == "GET" ? FakeUpstream.Json(Models)(http) : FakeUpstream.ChatOf("Hello", 3, 1)(http);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_channel_is_checked_at_the_start_by_a_request_that_costs_nothing()
    {
        await BecomesAsync(ChannelStatus.Healthy);

        var asked = Assert.Single(_app.Upstream.Received);
        Assert.Equal(("GET", "/v1/models", "Bearer provider-key-of-main"), (asked.Method, asked.Path, asked.Headers["Authorization"]));
        Assert.Equal((NexLlmApp.Start, NexLlmApp.Start, null), (Health.Since, Health.CheckedAt, Health.Error));
        Assert.NotNull(Health.Latency);
    }

    [Fact]
    public async Task It_is_checked_again_after_the_interval_and_keeps_since_when_it_is_so()
    {
        await BecomesAsync(ChannelStatus.Healthy);

        await ChecksAgainAsync();

        Assert.Equal(ChannelStatus.Healthy, Health.Status);
        Assert.Equal(NexLlmApp.Start, Health.Since);
        Assert.True(Health.CheckedAt >= NexLlmApp.Start + _defaults.Interval);
    }

    [Theory]
    [InlineData(401, ChannelStatus.KeyRejected, "The provider key was rejected (401).")]
    [InlineData(503, ChannelStatus.Unreachable, "The provider returned a server error (503).")]
    [InlineData(500, ChannelStatus.Unknown, "The provider returned a server error (500).")]
    [InlineData(429, ChannelStatus.Healthy, null)]
    public async Task An_answer_that_is_no_list_is_told_apart_and_no_secret_with_it(int status, ChannelStatus expected, string? error)
    {
        _app.Upstream.Answer = FakeUpstream.Json("""{"error":"provider-key-of-main"}""", status);

        await GatewayApp.UntilAsync(() => Task.FromResult(Health.Last is not null));

        Assert.Equal((expected, error), (Health.Status, Health.Error));
        Assert.DoesNotContain("provider-key-of-main", _app.Logs.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, ChannelStatus.Healthy)]
    [InlineData(404, ChannelStatus.Unreachable)]
    [InlineData(403, ChannelStatus.KeyRejected)]
    public async Task Where_models_are_not_listed_a_request_that_cannot_be_read_says_whether_others_would_be(int status, ChannelStatus expected)
    {
        _app.Upstream.Answer = http => FakeUpstream.Json("{}", http.Request.Method == "GET" ? 404 : status)(http);

        await BecomesAsync(expected);

        Assert.Equal(["GET /v1/models", "POST /v1/chat/completions"], _app.Upstream.Received.Select(r => $"{r.Method} {r.Path}"));
        Assert.Equal("{", _app.Upstream.Received.Last().Body);
    }

    [Fact]
    public async Task A_provider_that_does_not_answer_in_time_is_unreachable()
    {
        var arrived = new TaskCompletionSource();
        _app.Upstream.Answer = http =>
        {
            arrived.TrySetResult();
            return Task.Delay(Timeout.Infinite, http.RequestAborted);
        };
        _ = Health;
        await arrived.Task.WaitAsync(Cancellation);

        _app.Clock.Advance(_defaults.Timeout);
        await BecomesAsync(ChannelStatus.Unreachable);

        Assert.Contains("didn't respond within 10 seconds", Health.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_place_says_the_same_of_a_channel_that_refuses_connections()
    {
        _app.AddChannel(1, "closed", $"http://127.0.0.1:{ClosedPort()}/v1", "a-first-by-name");
        var admin = await _app.CreateActorAsync(administrator: true);
        await GatewayApp.UntilAsync(() => Task.FromResult(HealthOf("closed").Status is ChannelStatus.Unreachable && Health.Status is ChannelStatus.Healthy));
        using var caller = await _app.CreateCallerAsync();

        var listed = (await _app.Channels.ListAsync(admin, Cancellation)).Single(c => c.Name == "closed");
        var probed = await _app.Channels.HealthAsync(admin, Cancellation);
        var explained = await _app.Service<RequestExplainer>().ExplainAsync(
            caller.Owner, caller.KeyId, new ImaginedRequest("a-first-by-name", null, 1, _app.Clock.GetUtcNow()), Cancellation);
        var previewed = await PreviewAsync(caller.Owner);

        Assert.Equal(ChannelStatus.Unreachable, listed.Health?.Status);
        Assert.Equal(ChannelStatus.Unreachable, probed[listed.Id].Status);
        Assert.Contains("refused the connection", listed.Health?.Error, StringComparison.Ordinal);
        Assert.Equal((Verdict.NoChannel, "No channel for this model is reachable."), (explained!.Blocker!.Verdict, explained.Blocker.Sentence));
        Assert.Equal(["a-first-by-name"], previewed.Where(p => !p.IsAllowed).Select(p => p.Model));
        Assert.Equal("No channel for this model is reachable.", previewed.Single(p => !p.IsAllowed).Sentence);
        Assert.Equal(GatewayApp.Model, ExampleModels.Of(KeyPolicy.Unrestricted(await _app.DefaultGroupAsync()), await RoutesAsync())?.Request?.Model);
    }

    [Fact]
    public async Task An_answer_to_a_request_is_better_evidence_than_a_check_and_the_gateway_does_not_ask_for_health()
    {
        _app.Upstream.Answer = http => http.Request.Method == "GET" ? FakeUpstream.Json("{}", 503)(http) : FakeUpstream.ChatOf("Hello", 3, 1)(http);
        await BecomesAsync(ChannelStatus.Unreachable);
        using var caller = await _app.CreateCallerAsync();
        var told = 0;
        using var subscription = _app.Service<ChannelHealthChanges>().Subscribe(_ => Interlocked.Increment(ref told));

        using var answer = await caller.ChatAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal((ChannelStatus.Healthy, null), (Health.Status, Health.Error));
        Assert.Equal(1, told);
    }

    [Fact]
    public async Task A_failed_request_has_its_channel_checked_within_seconds()
    {
        await BecomesAsync(ChannelStatus.Healthy);
        _app.Upstream.Answer = FakeUpstream.Json("{}", 503);
        using var caller = await _app.CreateCallerAsync();
        using var answer = await caller.ChatAsync();

        await GatewayApp.UntilAsync(() =>
        {
            _app.Clock.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(Health.Status is ChannelStatus.Unreachable);
        });

        Assert.True(_app.Clock.GetUtcNow() < NexLlmApp.Start + _defaults.Interval, "It was not the check that was due anyway.");
    }

    [Fact]
    public async Task A_channel_that_is_new_or_leads_elsewhere_is_checked_at_once()
    {
        await BecomesAsync(ChannelStatus.Healthy);
        var admin = await _app.CreateActorAsync(administrator: true);

        var channel = await _app.CreateChannelAsync(admin, s => s with { BaseUrl = $"http://127.0.0.1:{ClosedPort()}/v1" });
        await GatewayApp.UntilAsync(() => Task.FromResult(HealthOf(channel.Name).Status is ChannelStatus.Unreachable));
        await _app.Channels.UpdateAsync(
            admin, channel.Id, channel.Version, channel.Settings() with { BaseUrl = _app.Upstream.BaseUrl }, new ProviderKeyChange.Keep(), Cancellation);
        await GatewayApp.UntilAsync(() => Task.FromResult(HealthOf(channel.Name).Status is ChannelStatus.Healthy));

        Assert.Equal(NexLlmApp.Start, HealthOf(channel.Name).Since);
    }

    [Fact]
    public async Task A_paused_channel_is_paused_whatever_a_check_says()
    {
        await BecomesAsync(ChannelStatus.Healthy);
        for (var i = 0; i < new RoutingOptions().CircuitMinimumCalls; i++)
        {
            await Main.Circuit.ReportAsync(success: false);
        }

        Assert.Equal((ChannelStatus.Paused, NexLlmApp.Start), (Health.Status, Health.Since));
        Assert.Equal("All channels for this model are paused after repeated failures.", (await PreviewAsync(await _app.CreateActorAsync())).Single(p => p.Model == GatewayApp.Model).Sentence);
    }

    [Fact]
    public async Task The_built_in_channel_is_healthy_and_never_checked()
    {
        await BecomesAsync(ChannelStatus.Healthy);

        var echo = _app.Service<ChannelDirectory>().Current.Channels.Single(c => c.Type is ChannelType.Echo);

        Assert.Equal(ChannelStatus.Healthy, echo.Health.Status);
        Assert.Single(_app.Upstream.Received);
    }

    [Fact]
    public async Task A_test_of_a_channel_as_it_is_saved_is_remembered_without_any_check()
    {
        _app.Settings["ChannelHealth:Enabled"] = "false";
        var admin = await _app.CreateActorAsync(administrator: true);
        var main = (await _app.Channels.ListAsync(admin, Cancellation)).Single(c => c.Name == "main");
        Assert.Equal(ChannelStatus.Unknown, main.Health?.Status);
        Assert.Empty(_app.Upstream.Received);

        await _app.Channels.TestAsync(admin, main.Id, main.Type, "http://127.0.0.1:9/v1", [], new ProviderKeyChange.Remove(), Cancellation);
        Assert.Equal(ChannelStatus.Unknown, Health.Status);
        await _app.Channels.TestAsync(admin, main.Id, main.Type, main.BaseUrl!, main.Apis, new ProviderKeyChange.Keep(), Cancellation);

        Assert.Equal(ChannelStatus.Healthy, Health.Status);
    }

    private LiveChannel Main => _app.Service<ChannelDirectory>().Current.Channels.Single(c => c.Name == "main");

    private ChannelHealth Health => Main.Health;

    private ChannelHealth HealthOf(string name) => _app.Service<ChannelDirectory>().Current.Channels.Single(c => c.Name == name).Health;

    private Task BecomesAsync(ChannelStatus status) => GatewayApp.UntilAsync(() => Task.FromResult(Health.Last is not null && Health.Status == status));

    private async Task ChecksAgainAsync()
    {
        var before = _app.Upstream.Received.Count;
        // The monitor plans its next look on a thread of its own, so that one step of the clock could come before it.
        await GatewayApp.UntilAsync(() =>
        {
            _app.Clock.Advance(TimeSpan.FromSeconds(10));
            return Task.FromResult(_app.Upstream.Received.Count > before && Health.CheckedAt > NexLlmApp.Start);
        });
    }

    private async Task<GroupRoutes?> RoutesAsync() => _app.Service<ChannelDirectory>().Current.Group(await _app.DefaultGroupAsync());

    private async Task<IReadOnlyList<PreviewedModel>> PreviewAsync(Actor actor)
    {
        var group = (await _app.Service<ChannelCatalog>().ListGroupsAsync(actor, Cancellation)).Single();
        var account = await _app.Service<AccountService>().GetAsync(actor, Cancellation);
        return Preview.Of(KeyPolicy.Unrestricted(group.Id), group, await RoutesAsync(), account, IPAddress.Loopback, _app.Clock.GetUtcNow());
    }

    private static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
