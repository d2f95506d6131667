using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Channels.Routing.Strategies;
using NexLlm.Dashboard.Tests.TestKit;
using Polly.CircuitBreaker;

namespace NexLlm.Dashboard.Tests.Channels.Routing;

public sealed class ChannelRouterTests
{
    private static readonly RoutingOptions _options = new() { CircuitMinimumCalls = 4, CircuitFailureRatio = 0.5, CircuitRest = TimeSpan.FromSeconds(15) };

    private readonly FakeTimeProvider _clock = new();
    private readonly TestChannels _channels;

    public ChannelRouterTests() => _channels = new TestChannels(_clock, _options);

    [Fact]
    public void The_highest_priority_is_tried_first_and_then_the_next()
    {
        var routes = TestChannels.Routes(_channels.Create("low", -1), _channels.Create("high", 10), _channels.Create("middle", 0));

        Assert.Equal(["high", "middle", "low"], AllOf(Router(), routes));
    }

    [Fact]
    public void Each_channel_is_tried_once_and_then_there_is_none()
    {
        var routes = TestChannels.Routes([.. Enumerable.Range(0, 70).Select(i => _channels.Create($"c{i}", priority: i % 3, weight: 1 + i))]);
        var tried = AllOf(Router(), routes);

        Assert.Equal(routes.Targets.Select(t => t.Channel.Name).Order(), tried.Order());
        Assert.Equal(routes.Targets.Select(t => t.Channel.Priority), tried.Select(name => routes.Targets.Single(t => t.Channel.Name == name).Channel.Priority));
    }

    [Fact]
    public void Equal_priorities_share_the_requests_by_their_weights()
    {
        var routes = TestChannels.Routes(_channels.Create("one"), _channels.Create("three", weight: 3), _channels.Create("six", weight: 6));
        var drawn = new Drawn();
        var router = Router(drawn);
        var picked = new List<string>();
        for (var i = 0; i < 10; i++)
        {
            drawn.Next = i;
            picked.Add(First(router, routes)!);
        }

        Assert.Equal(10, drawn.Below);
        Assert.Equal(["one", "three", "three", "three", "six", "six", "six", "six", "six", "six"], picked);
    }

    [Fact]
    public void By_least_requests_the_idlest_for_its_weight_is_chosen()
    {
        var (busy, wide, idle) = (_channels.Create("busy"), _channels.Create("wide", weight: 10), _channels.Create("idle"));
        busy.Enter();
        var router = Router(strategy: "leastrequests");
        for (var i = 0; i < 5; i++)
        {
            wide.Enter();
        }

        Assert.Equal("wide", First(router, TestChannels.Routes(busy, wide)));
        Assert.Equal("idle", First(router, TestChannels.Routes(busy, wide, idle)));
    }

    [Theory]
    [InlineData(UpstreamApi.Messages, new[] { "anthropic", "echo" })]
    [InlineData(UpstreamApi.ChatCompletions, new[] { "echo", "openai" })]
    [InlineData(UpstreamApi.Responses, new[] { "echo", "openai" })]
    public void Only_channels_that_speak_the_api_are_asked(UpstreamApi api, string[] names)
    {
        var openAI = _channels.Create("openai");
        var routes = TestChannels.Routes(
            openAI, _channels.Create("anthropic", type: ChannelType.Anthropic), _channels.Create("echo", type: ChannelType.Echo, baseUrl: null));

        Assert.Equal(names, AllOf(Router(), routes, api).Order());
        Assert.True(routes.Speaks(api));
        Assert.Equal(api is not UpstreamApi.Messages, TestChannels.Routes(openAI).Speaks(api));
    }

    [Fact]
    public void A_channel_speaks_what_is_enabled_each_api_at_its_own_address_where_it_has_one()
    {
        var both = _channels.Create(
            "both", baseUrl: "http://one.invalid/v1", apis: [new(UpstreamApi.ChatCompletions), new(UpstreamApi.Messages, "http://two.invalid/anthropic/v1")]);
        var routes = TestChannels.Routes(both, _channels.Create("openai"));

        Assert.Equal([UpstreamApi.ChatCompletions, UpstreamApi.Messages], UpstreamApis.All.Where(both.Speaks));
        Assert.Equal("http://one.invalid/v1/chat/completions", both.Address(UpstreamApi.ChatCompletions).AbsoluteUri);
        Assert.Equal("http://two.invalid/anthropic/v1/messages", both.Address(UpstreamApi.Messages).AbsoluteUri);
        Assert.Equal(["both"], AllOf(Router(), routes, UpstreamApi.Messages));
        Assert.Equal(["openai"], AllOf(Router(), routes, UpstreamApi.Embeddings));
        Assert.False(routes.Speaks(UpstreamApi.Rerank));
        Assert.Equal("POST /v1/chat/completions or /v1/messages", TestChannels.Routes(both).Endpoints);
    }

    [Fact]
    public async Task A_channel_that_keeps_failing_is_left_out_until_its_rest_is_over_and_a_call_goes_well()
    {
        var (shaky, steady) = (_channels.Create("shaky", 1), _channels.Create("steady"));
        var routes = TestChannels.Routes(shaky, steady);
        await ReportAsync(shaky.Circuit, false, false, false);
        Assert.Equal(["shaky", "steady"], AllOf(Router(), routes));

        await ReportAsync(shaky.Circuit, false);
        Assert.Equal(["steady"], AllOf(Router(), routes));
        Assert.Equal(CircuitState.Open, shaky.Circuit.State);

        _clock.Advance(_options.CircuitRest);
        Assert.Equal(["shaky", "steady"], AllOf(Router(), routes));
        Assert.True(shaky.Circuit.TryEnter());
        Assert.Equal(["steady"], AllOf(Router(), routes));

        await ReportAsync(shaky.Circuit, true);
        Assert.Equal(["shaky", "steady"], AllOf(Router(), routes));
        Assert.Equal(CircuitState.Closed, shaky.Circuit.State);
    }

    [Fact]
    public async Task After_its_rest_a_channel_is_tried_by_one_request_at_a_time_and_rests_again_if_that_fails()
    {
        var circuit = _channels.Create("shaky").Circuit;
        await ReportAsync(circuit, false, false, false, false);
        Assert.False(circuit.TryEnter());

        _clock.Advance(_options.CircuitRest);
        Assert.Equal([true, false, false], [circuit.TryEnter(), circuit.TryEnter(), circuit.TryEnter()]);
        await ReportAsync(circuit, false);
        _clock.Advance(_options.CircuitRest - TimeSpan.FromTicks(1));
        Assert.False(circuit.TryEnter());

        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.True(circuit.TryEnter());
    }

    [Fact]
    public async Task One_that_was_to_try_it_and_gave_up_does_not_shut_the_channel_out_for_ever()
    {
        var circuit = _channels.Create("shaky").Circuit;
        await ReportAsync(circuit, false, false, false, false);
        _clock.Advance(_options.CircuitRest);
        Assert.True(circuit.TryEnter());

        _clock.Advance(_options.CircuitRest);
        Assert.True(circuit.TryEnter());
        await ReportAsync(circuit, true);
        Assert.False(circuit.Rests);
    }

    [Fact]
    public async Task Failures_below_the_ratio_let_no_channel_rest()
    {
        var circuit = _channels.Create("fair").Circuit;
        for (var i = 0; i < 100; i++)
        {
            await ReportAsync(circuit, true, true, false);
        }

        Assert.False(circuit.Rests);
    }

    [Fact]
    public async Task Choosing_and_reporting_allocate_nothing()
    {
        var routes = TestChannels.Routes(_channels.Create("one"), _channels.Create("two", weight: 3));
        var router = Router(new Random(1));
        Assert.Equal(0, await SpentAsync(1_000));

        async Task<long> SpentAsync(int rounds)
        {
            for (var round = 0; ; round++)
            {
                // The first rounds fill pools and compile.
                var before = GC.GetAllocatedBytesForCurrentThread();
                for (var i = 0; i < rounds; i++)
                {
                    TriedTargets tried = default;
                    var target = router.Next(routes, UpstreamApi.ChatCompletions, ref tried)!;
                    await target.Channel.Circuit.ReportAsync(success: true);
                }

                var spent = GC.GetAllocatedBytesForCurrentThread() - before;
                if (spent == 0 || round == 20)
                {
                    return spent;
                }
            }
        }
    }

    [Fact]
    public void An_unknown_strategy_refuses_the_start_and_names_those_there_are()
    {
        var result = new RoutingValidator(Strategies(new Random(1))).Validate(null, new RoutingOptions { Strategy = "Random" });

        Assert.Equal("Routing:Strategy is “Random”. Use one of WeightedRandom, LeastRequests.", Assert.Single(result.Failures!));
    }

    private static ChannelRouter Router(Random? random = null, string? strategy = null) =>
        new(Strategies(random ?? new Random(1)), Options.Create(strategy is null ? _options : _options with { Strategy = strategy }));

    private static IRoutingStrategy[] Strategies(Random random) => [new WeightedRandomStrategy(random), new LeastRequestsStrategy(random)];

    private static string? First(ChannelRouter router, ModelRoutes routes)
    {
        TriedTargets tried = default;
        return router.Next(routes, UpstreamApi.ChatCompletions, ref tried)?.Channel.Name;
    }

    private static List<string> AllOf(ChannelRouter router, ModelRoutes routes, UpstreamApi api = UpstreamApi.ChatCompletions)
    {
        var names = new List<string>();
        TriedTargets tried = default;
        while (router.Next(routes, api, ref tried) is { } target)
        {
            names.Add(target.Channel.Name);
        }

        return names;
    }

    private static async Task ReportAsync(ChannelCircuit circuit, params bool[] outcomes)
    {
        foreach (var success in outcomes)
        {
            await circuit.ReportAsync(success);
        }
    }

    /// <summary>A source of randomness that gives what it is told.</summary>
    private sealed class Drawn : Random
    {
        public new long Next { get; set; }

        public long Below { get; private set; }

        public override long NextInt64(long maxValue)
        {
            Below = maxValue;
            return Next;
        }
    }
}
