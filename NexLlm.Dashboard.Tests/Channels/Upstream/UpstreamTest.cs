using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Channels.Tokens;
using NexLlm.Dashboard.Channels.Upstream;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Channels.Upstream;

/// <summary>The client against a real server, with a clock that moves only when told.</summary>
public abstract class UpstreamTest : IAsyncLifetime
{
    protected const string ProviderKey = "provider-key-canary-5d20";

    protected static readonly UpstreamOptions Limits = new() { FirstByteTimeout = TimeSpan.FromSeconds(60), IdleTimeout = TimeSpan.FromSeconds(20) };
    protected static readonly byte[] Body = """{"model":"m","messages":[]}"""u8.ToArray();

    private readonly UpstreamTransports _transports;
    private readonly UpstreamClient _client;

    protected UpstreamTest()
    {
        var logs = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Logs));
        var tokens = new TokenCounter();
        Channels = new TestChannels(Clock, new RoutingOptions { CircuitMinimumCalls = 2, CircuitFailureRatio = 1 }, logs);
        _transports = new UpstreamTransports(Options.Create(Limits), tokens, new PromptCounter(tokens), Clock);
        _client = new UpstreamClient(_transports, Options.Create(Limits), Clock);
    }

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected FakeTimeProvider Clock { get; } = new();

    protected CapturedLogs Logs { get; } = new();

    private protected TestChannels Channels { get; }

    protected FakeUpstream Upstream { get; private set; } = null!;

    /// <summary>The channel that leads there.</summary>
    protected LiveChannel Main { get; private set; } = null!;

    protected string BaseUrl => Upstream.BaseUrl;

    public async ValueTask InitializeAsync()
    {
        Upstream = await FakeUpstream.StartAsync();
        Upstream.Answer = FakeUpstream.Json("{}");
        Main = Channels.Create("main", baseUrl: BaseUrl, providerKey: ProviderKey);
    }

    /// <summary>Whatever happened, nothing stays in flight, and no credential is logged.</summary>
    public async ValueTask DisposeAsync()
    {
        Assert.Equal(0, Main.InFlight);
        Assert.DoesNotContain(ProviderKey, Logs.Text, StringComparison.Ordinal);
        _client.Dispose();
        _transports.Dispose();
        await Upstream.DisposeAsync();
    }

    /// <summary>An upstream that says <paramref name="first"/> and then nothing, until it is left.</summary>
    protected (TaskCompletionSource Got, TaskCompletionSource Left) Silent(string? first = null)
    {
        var (got, left) = (new TaskCompletionSource(), new TaskCompletionSource());
        Upstream.Answer = async context =>
        {
            context.RequestAborted.Register(left.SetResult);
            if (first is not null)
            {
                await context.Response.WriteAsync(first);
                await context.Response.Body.FlushAsync();
            }

            got.SetResult();
            await left.Task;
        };
        return (got, left);
    }

    protected ValueTask<UpstreamResponse> SendAsync(
        LiveChannel? channel = null, UpstreamApi api = UpstreamApi.ChatCompletions, bool streamed = false, CancellationToken? cancellation = null) =>
        _client.SendAsync(TestChannels.Target(channel ?? Main), api, [], Body, streamed, cancellation ?? Cancellation);

    protected async Task<byte[]> AnswerAsync(LiveChannel channel, UpstreamApi api = UpstreamApi.ChatCompletions, bool streamed = false)
    {
        using var answer = await SendAsync(channel, api, streamed);
        using var body = new MemoryStream();
        await answer.Body.CopyToAsync(body, Cancellation);
        return body.ToArray();
    }
}
