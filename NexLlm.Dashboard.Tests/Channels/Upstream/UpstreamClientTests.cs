using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
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

public sealed class UpstreamClientTests : IAsyncLifetime
{
    private const string ProviderKey = "provider-key-canary-5d20";

    private static readonly UpstreamOptions _limits = new() { FirstByteTimeout = TimeSpan.FromSeconds(60), IdleTimeout = TimeSpan.FromSeconds(20) };
    private static readonly byte[] _body = """{"model":"m","messages":[]}"""u8.ToArray();

    private readonly FakeTimeProvider _clock = new();
    private readonly CapturedLogs _logs = new();
    private readonly TestChannels _channels;
    private readonly UpstreamTransports _transports;
    private readonly UpstreamClient _client;
    private RecordingServer _upstream = null!;
    private LiveChannel _channel = null!;

    public UpstreamClientTests()
    {
        var logs = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(_logs));
        var tokens = new TokenCounter();
        _channels = new TestChannels(_clock, new RoutingOptions { CircuitMinimumCalls = 2, CircuitFailureRatio = 1 }, logs);
        _transports = new UpstreamTransports(Options.Create(_limits), tokens, new PromptCounter(tokens), _clock);
        _client = new UpstreamClient(_transports, Options.Create(_limits), _clock);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string BaseUrl => $"{_upstream.Address}/v1";

    public async ValueTask InitializeAsync()
    {
        _upstream = await RecordingServer.StartAsync();
        _channel = _channels.Create("main", baseUrl: BaseUrl, providerKey: ProviderKey);
    }

    /// <summary>Whatever happened, nothing stays in flight, and no credential is logged.</summary>
    public async ValueTask DisposeAsync()
    {
        Assert.Equal(0, _channel.InFlight);
        Assert.DoesNotContain(ProviderKey, _logs.Text, StringComparison.Ordinal);
        _client.Dispose();
        _transports.Dispose();
        await _upstream.DisposeAsync();
    }

    [Theory]
    [InlineData(UpstreamApi.ChatCompletions, false, "/v1/chat/completions", "application/json")]
    [InlineData(UpstreamApi.Completions, true, "/v1/completions", "text/event-stream")]
    [InlineData(UpstreamApi.Embeddings, false, "/v1/embeddings", "application/json")]
    [InlineData(UpstreamApi.Responses, true, "/v1/responses", "text/event-stream")]
    public async Task An_upstream_gets_the_body_and_the_headers_of_the_channel_and_nothing_else(UpstreamApi api, bool streamed, string target, string accept)
    {
        // A trace that is under way is nobody's business there.
        using var trace = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).AddBaggage("user", "someone").Start();
        await AnswerAsync(_channel, api, streamed);

        var request = Assert.Single(_upstream.Requests);
        Assert.Equal(("POST", target, "HTTP/1.1"), (request.Method, request.Target, request.Protocol));
        Assert.Equal(_body, request.Body);
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["Host"] = new Uri(_upstream.Address).Authority,
                ["Accept"] = accept,
                ["User-Agent"] = "NexLLM-Dashboard",
                ["Authorization"] = $"Bearer {ProviderKey}",
                ["Content-Type"] = "application/json",
                ["Content-Length"] = $"{_body.Length}",
            },
            request.Headers);
    }

    [Fact]
    public async Task Anthropic_gets_its_key_and_version_by_its_own_headers()
    {
        await AnswerAsync(_channels.Create("claude", type: ChannelType.Anthropic, baseUrl: BaseUrl, providerKey: ProviderKey), UpstreamApi.Messages);

        var request = Assert.Single(_upstream.Requests);
        Assert.Equal("/v1/messages", request.Target);
        Assert.Equal((ProviderKey, "2023-06-01"), (request.Headers["x-api-key"], request.Headers["anthropic-version"]));
        Assert.DoesNotContain("Authorization", request.Headers.Keys);
    }

    [Fact]
    public async Task Without_a_provider_key_no_credential_is_sent()
    {
        await AnswerAsync(_channels.Create("open", baseUrl: BaseUrl));

        Assert.Equal(
            ["Accept", "Content-Length", "Content-Type", "Host", "User-Agent"], Assert.Single(_upstream.Requests).Headers.Keys.Order());
    }

    [Fact]
    public async Task A_redirection_is_not_followed_and_counts_as_the_channels_fault()
    {
        _upstream.Answer = context =>
        {
            context.Response.Redirect("/elsewhere", permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        };
        using var answer = await SendAsync();

        Assert.Equal((307, true), (answer.Status, answer.MayFailOver));
        Assert.Single(_upstream.Requests);
    }

    [Fact]
    public async Task Cookies_are_not_kept_and_bodies_not_unpacked()
    {
        byte[] packed = [];
        _upstream.Answer = context =>
        {
            using var to = new MemoryStream();
            using (var zip = new GZipStream(to, CompressionMode.Compress))
            {
                zip.Write("hello"u8);
            }

            context.Response.Headers.SetCookie = "session=1";
            context.Response.Headers.ContentEncoding = "gzip";
            return context.Response.Body.WriteAsync(packed = to.ToArray()).AsTask();
        };
        Assert.Equal(await AnswerAsync(_channel), packed);
        await AnswerAsync(_channel);

        Assert.DoesNotContain("Cookie", _upstream.Requests.Last().Headers.Keys);
    }

    [Fact]
    public async Task Answers_that_are_read_to_their_end_leave_their_connection_to_the_next()
    {
        _upstream.Answer = async context =>
        {
            await context.Response.WriteAsync("data: 1\n\n");
            await context.Response.Body.FlushAsync();
            await context.Response.WriteAsync("data: 2\n\n");
        };
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("data: 1\n\ndata: 2\n\n"u8.ToArray(), await AnswerAsync(_channel, streamed: true));
        }

        Assert.Single(_upstream.Requests.Select(r => r.Connection).Distinct());
    }

    [Theory]
    [InlineData(200, false)]
    [InlineData(400, false)]
    [InlineData(403, false)]
    [InlineData(404, false)]
    [InlineData(422, false)]
    [InlineData(401, true)]
    [InlineData(408, true)]
    [InlineData(429, true)]
    [InlineData(500, true)]
    [InlineData(503, true)]
    [InlineData(529, true)]
    public async Task What_is_the_channels_fault_may_fail_over_and_lets_it_rest_when_it_repeats(int status, bool fault)
    {
        _upstream.Answer = context =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsJsonAsync(new { error = "x" });
        };
        for (var i = 0; i < 2; i++)
        {
            using var answer = await SendAsync();
            Assert.Equal((status, fault, "application/json; charset=utf-8"), (answer.Status, answer.MayFailOver, answer.ContentType));
        }

        Assert.Equal(fault, _channel.Circuit.Rests);
    }

    [Fact]
    public async Task A_channel_that_rests_is_not_called_until_its_rest_is_over()
    {
        _upstream.Answer = context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        await AnswerAsync(_channel);
        await AnswerAsync(_channel);
        Assert.True((await Assert.ThrowsAsync<UpstreamUnreachableException>(async () => await SendAsync())).MayFailOver);
        Assert.Equal(2, _upstream.Requests.Count);
        Assert.Contains(_logs.Lines, line => line is { Level: LogLevel.Warning } && line.Message.StartsWith("The channel main keeps failing", StringComparison.Ordinal));

        _upstream.Answer = context => context.Response.WriteAsync("{}");
        _clock.Advance(new RoutingOptions().CircuitRest);
        await AnswerAsync(_channel);
        Assert.False(_channel.Circuit.Rests);
        Assert.Contains(_logs.Lines, line => line.Message == "The channel main answers again.");
    }

    [Fact]
    public async Task A_refused_connection_may_fail_over_and_its_cause_is_told_to_the_operator()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)taken.LocalEndPoint!).Port;
        var channel = _channels.Create("gone", baseUrl: $"http://127.0.0.1:{port}/v1", providerKey: ProviderKey);
        for (var i = 0; i < 2; i++)
        {
            var failure = await Assert.ThrowsAsync<UpstreamUnreachableException>(async () => await SendAsync(channel));
            Assert.True(failure.MayFailOver);
            Assert.Equal($"The channel gone cannot be reached: Connection refused (127.0.0.1:{port})", failure.Message);
        }

        Assert.True(channel.Circuit.Rests);
        Assert.Equal(0, channel.InFlight);
    }

    [Fact]
    public async Task A_connection_that_ends_before_an_answer_may_fail_over()
    {
        _upstream.Answer = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };

        Assert.True((await Assert.ThrowsAsync<UpstreamUnreachableException>(async () => await SendAsync())).MayFailOver);
    }

    [Fact]
    public async Task An_answer_that_does_not_begin_in_time_ends_the_call_for_good()
    {
        var (got, left) = Silent();
        var sending = SendAsync().AsTask();
        await got.Task.WaitAsync(Cancellation);
        _clock.Advance(_limits.FirstByteTimeout - TimeSpan.FromSeconds(1));
        Assert.False(sending.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(2));

        // It may have been made all the same, and billed.
        Assert.False((await Assert.ThrowsAsync<UpstreamTimeoutException>(() => sending)).MayFailOver);
        await left.Task.WaitAsync(Cancellation);
    }

    [Fact]
    public async Task A_stream_that_falls_silent_is_given_up_after_the_idle_time()
    {
        var (_, left) = Silent("data: 1\n\n");
        using var answer = await SendAsync(streamed: true);
        var buffer = new byte[100];
        Assert.Equal(9, await answer.Body.ReadAsync(buffer, Cancellation));
        var reading = answer.Body.ReadAsync(buffer, Cancellation).AsTask();
        _clock.Advance(_limits.IdleTimeout - TimeSpan.FromSeconds(1));
        Assert.False(reading.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(2));

        Assert.False((await Assert.ThrowsAsync<UpstreamTimeoutException>(() => reading)).MayFailOver);
        await left.Task.WaitAsync(Cancellation);
    }

    [Fact]
    public async Task A_client_that_reads_slowly_is_no_idle_upstream()
    {
        Silent("data: 1\n\n");
        using var answer = await SendAsync(streamed: true);
        _clock.Advance(_limits.FirstByteTimeout * 3);

        Assert.Equal(9, await answer.Body.ReadAsync(new byte[100], Cancellation));
    }

    [Fact]
    public async Task Time_that_one_request_took_is_not_taken_from_the_next()
    {
        await AnswerAsync(_channel);
        _clock.Advance(_limits.FirstByteTimeout - TimeSpan.FromSeconds(1));
        var (got, _) = Silent();
        using var stop = new CancellationTokenSource();
        var sending = SendAsync(cancellation: stop.Token).AsTask();
        await got.Task.WaitAsync(Cancellation);
        _clock.Advance(TimeSpan.FromSeconds(30));

        Assert.False(sending.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }

    [Fact]
    public async Task While_nothing_is_waited_for_no_timer_runs_so_that_a_clock_can_jump_by_years()
    {
        await AnswerAsync(_channel);
        _clock.Advance(TimeSpan.FromDays(3_650));
        await AnswerAsync(_channel);

        Assert.Equal(2, _upstream.Requests.Count);
    }

    [Fact]
    public async Task Who_cancels_gets_his_own_cancellation_the_upstream_is_left_and_nobody_is_blamed()
    {
        for (var i = 0; i < 3; i++)
        {
            var (got, left) = Silent();
            using var stop = new CancellationTokenSource();
            var sending = SendAsync(cancellation: stop.Token).AsTask();
            await got.Task.WaitAsync(Cancellation);
            await stop.CancelAsync();

            Assert.Equal(stop.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending)).CancellationToken);
            await left.Task.WaitAsync(Cancellation);
        }

        Assert.False(_channel.Circuit.Rests);
    }

    [Fact]
    public async Task Cancelling_ends_a_stream_that_is_being_read()
    {
        var (_, left) = Silent("data: 1\n\n");
        using var stop = new CancellationTokenSource();
        using var answer = await SendAsync(streamed: true, cancellation: stop.Token);
        var buffer = new byte[100];
        await answer.Body.ReadExactlyAsync(buffer.AsMemory(0, 9), Cancellation);
        var reading = answer.Body.ReadAsync(buffer, Cancellation).AsTask();
        await stop.CancelAsync();

        Assert.Equal(stop.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading)).CancellationToken);
        await left.Task.WaitAsync(Cancellation);
    }

    [Fact]
    public async Task An_answer_that_is_let_go_before_its_end_stops_the_upstream()
    {
        var (_, left) = Silent("data: 1\n\n");
        using (await SendAsync(streamed: true))
        {
            Assert.Equal(1, _channel.InFlight);
        }

        await left.Task.WaitAsync(Cancellation);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(100)]
    public async Task An_answer_that_breaks_off_is_no_complete_one(int? announced)
    {
        var begun = new TaskCompletionSource();
        _upstream.Answer = async context =>
        {
            context.Response.ContentLength = announced;
            await context.Response.WriteAsync("data: 1\n\n");
            await context.Response.Body.FlushAsync();
            await begun.Task;
            context.Abort();
        };
        using var answer = await SendAsync();
        begun.SetResult();

        var failure = await Assert.ThrowsAsync<UpstreamException>(() => answer.Body.CopyToAsync(Stream.Null, Cancellation));
        Assert.False(failure.MayFailOver);
        Assert.StartsWith("The channel main broke off in the middle of an answer: ", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>An upstream that says <paramref name="first"/> and then nothing, until it is left.</summary>
    private (TaskCompletionSource Got, TaskCompletionSource Left) Silent(string? first = null)
    {
        var (got, left) = (new TaskCompletionSource(), new TaskCompletionSource());
        _upstream.Answer = async context =>
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

    private ValueTask<UpstreamAnswer> SendAsync(
        LiveChannel? channel = null, UpstreamApi api = UpstreamApi.ChatCompletions, bool streamed = false, CancellationToken? cancellation = null) =>
        _client.SendAsync(TestChannels.Target(channel ?? _channel), api, _body, streamed, cancellation ?? Cancellation);

    private async Task<byte[]> AnswerAsync(LiveChannel channel, UpstreamApi api = UpstreamApi.ChatCompletions, bool streamed = false)
    {
        using var answer = await SendAsync(channel, api, streamed);
        using var body = new MemoryStream();
        await answer.Body.CopyToAsync(body, Cancellation);
        return body.ToArray();
    }
}
