using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Tokens;
using NexLlm.Dashboard.Channels.Upstream;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Channels.Upstream;

public sealed class ApiProbeTests : IAsyncLifetime
{
    private const string ProviderKey = "provider-key-canary-5a1e";

    private readonly FakeTimeProvider _clock = new();
    private readonly UpstreamTransports _transports;
    private FakeUpstream _upstream = null!;

    public ApiProbeTests()
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
    public async Task What_rejects_an_unreadable_body_is_there_and_what_answers_404_is_not()
    {
        _upstream.Answer = Offering(400, "/v1/chat/completions", "/v1/messages", "/v1/images/edits", "/v1/audio/transcriptions");

        var found = await AskAsync();

        Assert.Equal(UpstreamApis.All, found.Select(f => f.Api));
        Assert.Equal(
            [UpstreamApi.ChatCompletions, UpstreamApi.Messages, UpstreamApi.ImageEdits, UpstreamApi.Transcriptions], found.Where(f => f.IsOffered is true).Select(f => f.Api));
        Assert.All(found.Where(f => f.IsOffered is not true), f => Assert.Equal((false, "Not available"), (f.IsOffered, f.Words)));
    }

    [Fact]
    public async Task Nothing_that_is_sent_could_be_answered_so_nothing_costs_anything()
    {
        await AskAsync();

        Assert.All(_upstream.Received, r => Assert.Equal("POST", r.Method));
        Assert.All(_upstream.Received, r => Assert.True(r.Body is "{" or "--nexllm-empty--\r\n", r.Body));
        Assert.Equal(
            ["/v1/audio/transcriptions", "/v1/audio/translations", "/v1/images/edits", "/v1/nexllm-no-such-api"],
            _upstream.Received.Where(r => r.Headers["Content-Type"].StartsWith("multipart/form-data", StringComparison.Ordinal)).Select(r => r.Path).Order());
    }

    [Theory]
    [InlineData(400, true, "Available")]
    [InlineData(415, true, "Available")]
    [InlineData(422, true, "Available")]
    [InlineData(405, false, "Not available")]
    [InlineData(501, false, "Not available")]
    [InlineData(200, null, "Couldn't tell: the provider accepts a request it should reject (200)")]
    [InlineData(307, null, "Couldn't tell: the provider redirects to another address (307)")]
    [InlineData(401, null, "Couldn't tell: the provider rejects the key here (401)")]
    [InlineData(402, null, "Couldn't tell: the provider account has no credit (402)")]
    [InlineData(403, null, "Couldn't tell: the provider key lacks permission (403)")]
    [InlineData(429, null, "Couldn't tell: the provider limits requests right now (429)")]
    [InlineData(500, null, "Couldn't tell: the provider answers 500")]
    public async Task Each_status_says_as_much_as_it_can(int status, bool? offered, string words)
    {
        _upstream.Answer = Offering(status, "/v1/chat/completions");

        var chat = (await AskAsync())[0];

        Assert.Equal((UpstreamApi.ChatCompletions, offered, words), (chat.Api, chat.IsOffered, chat.Words));
    }

    [Fact]
    public async Task A_server_that_rejects_every_address_alike_says_nothing_of_its_apis()
    {
        _upstream.Answer = FakeUpstream.Json("{}", 400);

        Assert.All(await AskAsync(), f => Assert.Equal((null, "Couldn't tell: the provider answers 400 at every address"), (f.IsOffered, f.Words)));
    }

    [Fact]
    public async Task An_api_is_asked_at_its_own_base_url_with_the_headers_of_its_dialect_and_a_redirection_leads_nowhere()
    {
        await using var second = await FakeUpstream.StartAsync();
        await using var third = await FakeUpstream.StartAsync();
        second.Answer = http =>
        {
            http.Response.Redirect($"{third.BaseUrl}/messages", permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        };

        var found = await AskAsync(new ApiSettings(UpstreamApi.Messages, second.BaseUrl));

        Assert.Null(found.Single(f => f.Api == UpstreamApi.Messages).IsOffered);
        Assert.Equal(["/v1/messages", "/v1/nexllm-no-such-api"], second.Received.Select(r => r.Path).Order());
        Assert.All(second.Received, r => Assert.Equal((ProviderKey, $"Bearer {ProviderKey}"), (r.Headers["x-api-key"], r.Headers["Authorization"])));
        Assert.DoesNotContain(_upstream.Received, r => r.Path == "/v1/messages");
        Assert.DoesNotContain("x-api-key", _upstream.Received.First(r => r.Path == "/v1/chat/completions").Headers.Keys);
        Assert.Empty(third.Received);
    }

    [Fact]
    public async Task What_does_not_answer_in_time_cannot_be_told()
    {
        var asked = new TaskCompletionSource();
        var inTime = Offering(400, "/v1/chat/completions");
        _upstream.Answer = async http =>
        {
            if (http.Request.Path != "/v1/embeddings")
            {
                await inTime(http);
                return;
            }

            asked.SetResult();
            var left = new TaskCompletionSource();
            http.RequestAborted.Register(left.SetResult);
            await left.Task;
        };
        var asking = AskAsync();
        await asked.Task;
        await GatewayApp.UntilAsync(() => Task.FromResult(_upstream.Received.Count == UpstreamApis.All.Count + 3));

        _clock.Advance(ApiProbe.TimeLimit);

        Assert.Equal("Couldn't tell: no answer", (await asking).Single(f => f.Api == UpstreamApi.Embeddings).Words);
    }

    [Fact]
    public async Task A_rejected_key_or_an_unreachable_upstream_is_said_once_and_not_for_every_api()
    {
        var probe = new ChannelProbe(new ModelProbe(_transports, _clock), new ApiProbe(_transports, _clock), _clock);
        _upstream.Answer = FakeUpstream.Json("{}", 401);
        Assert.Empty((await probe.AskAsync(ChannelType.OpenAI, _upstream.BaseUrl, [], ProviderKey, Cancellation)).Apis);
        Assert.Single(_upstream.Received);

        // A provider without a list of models can have APIs.
        _upstream.Answer = Offering(400, "/v1/chat/completions");
        var found = Assert.IsType<ProbeResult.Failed>(await probe.AskAsync(ChannelType.OpenAI, _upstream.BaseUrl, [], ProviderKey, Cancellation));
        Assert.Equal([UpstreamApi.ChatCompletions], found.Apis.Where(a => a.IsOffered is true).Select(a => a.Api));
    }

    /// <summary>A server that has these addresses, and answers with 404 at all others.</summary>
    private static RequestDelegate Offering(int status, params string[] paths) => http => FakeUpstream.Json("{}", paths.Contains(http.Request.Path.Value) ? status : 404)(http);

    private Task<IReadOnlyList<ApiFinding>> AskAsync(params ApiSettings[] apis) =>
        new ApiProbe(_transports, _clock).AskAsync(ChannelType.OpenAI, _upstream.BaseUrl, apis, ProviderKey, Cancellation);
}
