using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Tokens;
using NexLlm.Dashboard.Channels.Upstream;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Channels.Upstream;

public sealed class ModelProbeTests : IAsyncLifetime
{
    private const string ProviderKey = "provider-key-canary-c0de";

    private readonly FakeTimeProvider _clock = new();
    private readonly UpstreamTransports _transports;
    private FakeUpstream _upstream = null!;

    public ModelProbeTests()
    {
        var tokens = new TokenCounter();
        _transports = new UpstreamTransports(Options.Create(new UpstreamOptions()), tokens, new PromptCounter(tokens), _clock);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _upstream = await FakeUpstream.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _transports.Dispose();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task The_models_of_the_upstream_are_found_and_what_is_no_model_is_passed_over()
    {
        _upstream.Answer = async http =>
        {
            _clock.Advance(TimeSpan.FromMilliseconds(120));
            await FakeUpstream.Json("""{"object":"list","data":[{"id":"b"},{"id":"a"},{"id":"b"},{"id":7},{"name":"c"},"d",null,{"id":" "},{"id":"x\ny"}]}""")(http);
        };

        var found = Assert.IsType<ProbeResult.Answered>(await AskAsync());

        Assert.Equal(["a", "b"], found.Models);
        Assert.Equal(TimeSpan.FromMilliseconds(120), found.Took);
    }

    [Theory]
    [InlineData(ChannelType.OpenAI, "/v1/models", "Authorization", "Bearer " + ProviderKey)]
    [InlineData(ChannelType.Anthropic, "/v1/models?limit=1000", "x-api-key", ProviderKey)]
    public async Task Each_type_is_asked_in_its_own_way(ChannelType type, string path, string header, string value)
    {
        _upstream.Answer = FakeUpstream.Json("""{"data":[]}""");

        Assert.IsType<ProbeResult.Answered>(await AskAsync(type: type));

        var asked = Assert.Single(_upstream.Received);
        Assert.Equal(("GET", path, value), (asked.Method, asked.Path, asked.Headers[header]));
        Assert.Equal(type is ChannelType.Anthropic, asked.Headers.ContainsKey("anthropic-version"));
    }

    [Theory]
    [InlineData(401, "The provider key was rejected (401).")]
    [InlineData(403, "The provider key isn't allowed to list models (403).")]
    [InlineData(404, "Check the base URL.")]
    [InlineData(405, "No model list at")]
    [InlineData(429, "is rate limiting this key")]
    [InlineData(500, "The provider returned a server error (500).")]
    [InlineData(418, "The provider rejected the request (418).")]
    public async Task An_error_is_told_in_plain_words(int status, string words)
    {
        _upstream.Answer = FakeUpstream.Json($$"""{"error":"{{ProviderKey}} <b>"}""", status);

        Fails(words, await AskAsync());
    }

    [Fact]
    public async Task Without_a_key_the_words_ask_for_one()
    {
        _upstream.Answer = FakeUpstream.Json("{}", 401);

        Fails("requires a key (401)", await AskAsync(providerKey: null));
    }

    [Fact]
    public async Task Without_v1_the_words_ask_for_it()
    {
        _upstream.Answer = FakeUpstream.Json("{}", 404);

        Fails("Is /v1 missing", await AskAsync(_upstream.BaseUrl[..^"/v1".Length]));
    }

    [Theory]
    [InlineData("<html>", "didn't return JSON")]
    [InlineData("", "didn't return JSON")]
    [InlineData("[]", "didn't return a model list")]
    [InlineData("""{"data":{}}""", "didn't return a model list")]
    [InlineData("null", "didn't return a model list")]
    public async Task What_is_no_list_of_models_is_told_apart(string body, string words)
    {
        _upstream.Answer = FakeUpstream.Json(body);

        Fails(words, await AskAsync());
    }

    [Fact]
    public async Task A_redirection_is_not_followed_so_that_the_key_goes_nowhere_else()
    {
        await using var elsewhere = await FakeUpstream.StartAsync();
        _upstream.Answer = http =>
        {
            http.Response.Redirect($"{elsewhere.BaseUrl}/models");
            return Task.CompletedTask;
        };

        Fails("redirects to another URL (302)", await AskAsync());

        Assert.Empty(elsewhere.Received);
    }

    [Fact]
    public async Task An_answer_without_end_is_not_read_to_its_end()
    {
        _upstream.Answer = async http =>
        {
            var part = new byte[64 * 1024];
            while (!http.RequestAborted.IsCancellationRequested)
            {
                await http.Response.Body.WriteAsync(part, http.RequestAborted);
            }
        };

        Fails("was cut off or is too large", await AskAsync());
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_told()
    {
        _upstream.Answer = async http =>
        {
            http.Response.ContentLength = 100;
            await http.Response.WriteAsync("""{"data":[""", http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            http.Abort();
        };

        Fails("was cut off", await AskAsync());
    }

    [Fact]
    public async Task An_upstream_that_says_nothing_is_waited_for_so_long_and_no_longer()
    {
        var asked = new TaskCompletionSource();
        _upstream.Answer = async http =>
        {
            asked.SetResult();
            await UntilLeftAsync(http);
        };
        var asking = AskAsync();
        await asked.Task;

        _clock.Advance(ModelProbe.TimeLimit);

        Fails("didn't respond within 15 seconds", await asking);
    }

    [Fact]
    public async Task Who_leaves_is_not_told_that_the_upstream_was_slow()
    {
        var asked = new TaskCompletionSource();
        _upstream.Answer = async http =>
        {
            asked.SetResult();
            await UntilLeftAsync(http);
        };
        using var leaving = new CancellationTokenSource();
        var asking = new ModelProbe(_transports, _clock).AskAsync(ChannelType.OpenAI, _upstream.BaseUrl, null, leaving.Token);
        await asked.Task;

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    [Fact]
    public async Task A_name_that_does_not_exist_and_a_closed_port_are_told_apart()
    {
        Fails("Couldn't resolve upstream.invalid", await AskAsync("http://upstream.invalid/v1"));

        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var closed = ((IPEndPoint)taken.LocalEndpoint).Port;
        taken.Stop();
        Fails("refused the connection", await AskAsync($"http://127.0.0.1:{closed}/v1"));
    }

    [Fact]
    public async Task Https_where_only_http_is_spoken_is_told() =>
        Fails("Couldn't connect securely", await AskAsync(_upstream.BaseUrl.Replace("http:", "https:", StringComparison.Ordinal)));

    [Fact]
    public async Task An_address_where_nobody_takes_the_connection_is_told_apart_from_one_that_says_nothing()
    {
        using var full = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(1);
        // Its queue is filled and never emptied: whoever comes then is not even refused.
        var waiting = Enumerable.Range(0, 4).Select(_ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)).ToList();
        waiting.ForEach(socket =>
        {
            socket.Blocking = false;
            Assert.ThrowsAny<SocketException>(() => socket.Connect(full.LocalEndPoint!));
        });
        var tokens = new TokenCounter();
        using var impatient = new UpstreamTransports(
            Options.Create(new UpstreamOptions { ConnectTimeout = TimeSpan.FromSeconds(1) }), tokens, new PromptCounter(tokens), _clock);

        var result = await new ModelProbe(impatient, _clock).AskAsync(ChannelType.OpenAI, $"http://{full.LocalEndPoint}/v1", ProviderKey, Cancellation);

        waiting.ForEach(socket => socket.Dispose());
        Fails("(timeout or no route)", result);
    }

    private static async Task UntilLeftAsync(HttpContext http)
    {
        var left = new TaskCompletionSource();
        http.RequestAborted.Register(left.SetResult);
        await left.Task;
    }

    private static void Fails(string words, ProbeResult result)
    {
        var reason = Assert.IsType<ProbeResult.Failed>(result).Reason;
        Assert.Contains(words, reason, StringComparison.Ordinal);
        Assert.DoesNotContain(ProviderKey, reason, StringComparison.Ordinal);
    }

    private Task<ProbeResult> AskAsync(string? baseUrl = null, ChannelType type = ChannelType.OpenAI, string? providerKey = ProviderKey) =>
        new ModelProbe(_transports, _clock).AskAsync(type, baseUrl ?? _upstream.BaseUrl, providerKey, Cancellation);
}
