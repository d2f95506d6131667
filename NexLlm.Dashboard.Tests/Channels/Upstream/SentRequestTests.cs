using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using NexLlm.Dashboard.Channels;

namespace NexLlm.Dashboard.Tests.Channels.Upstream;

public sealed class SentRequestTests : UpstreamTest
{
    [Theory]
    [InlineData(UpstreamApi.ChatCompletions, false, "/v1/chat/completions", "application/json")]
    [InlineData(UpstreamApi.Completions, true, "/v1/completions", "text/event-stream")]
    [InlineData(UpstreamApi.Embeddings, false, "/v1/embeddings", "application/json")]
    [InlineData(UpstreamApi.Responses, true, "/v1/responses", "text/event-stream")]
    public async Task An_upstream_gets_the_body_and_the_headers_of_the_channel_and_nothing_else(UpstreamApi api, bool streamed, string target, string accept)
    {
        // A trace that is under way is nobody's business there.
        using var trace = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).AddBaggage("user", "someone").Start();
        await AnswerAsync(Main, api, streamed);

        var request = Assert.Single(Upstream.Received);
        Assert.Equal(("POST", target, "HTTP/1.1"), (request.Method, request.Path, request.Protocol));
        Assert.Equal(Body, request.Bytes);
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["Host"] = new Uri(Upstream.Address).Authority,
                ["Accept"] = accept,
                ["User-Agent"] = "NexLLM-Dashboard",
                ["Authorization"] = $"Bearer {ProviderKey}",
                ["Content-Type"] = "application/json",
                ["Content-Length"] = $"{Body.Length}",
            },
            request.Headers);
    }

    [Fact]
    public async Task Anthropic_gets_its_key_and_version_by_its_own_headers()
    {
        await AnswerAsync(Channels.Create("claude", type: ChannelType.Anthropic, baseUrl: BaseUrl, providerKey: ProviderKey), UpstreamApi.Messages);

        var request = Assert.Single(Upstream.Received);
        Assert.Equal("/v1/messages", request.Path);
        Assert.Equal((ProviderKey, "2023-06-01"), (request.Headers["x-api-key"], request.Headers["anthropic-version"]));
        Assert.DoesNotContain("Authorization", request.Headers.Keys);
    }

    [Fact]
    public async Task Another_provider_gets_its_key_for_anthropics_api_by_both_headers_that_are_in_use_and_at_the_apis_own_address()
    {
        var channel = Channels.Create(
            "both", baseUrl: "http://upstream.invalid/v1", providerKey: ProviderKey, apis: [new ApiSettings(UpstreamApi.Messages, $"{Upstream.Address}/anthropic/v1")]);
        await AnswerAsync(channel, UpstreamApi.Messages);

        var request = Assert.Single(Upstream.Received);
        Assert.Equal("/anthropic/v1/messages", request.Path);
        Assert.Equal(
            (ProviderKey, $"Bearer {ProviderKey}", "2023-06-01"), (request.Headers["x-api-key"], request.Headers["Authorization"], request.Headers["anthropic-version"]));
    }

    [Fact]
    public async Task Anthropic_gets_its_key_for_openais_api_by_the_header_of_that_api()
    {
        var channel = Channels.Create(
            "claude", type: ChannelType.Anthropic, baseUrl: BaseUrl, providerKey: ProviderKey, apis: [new ApiSettings(UpstreamApi.ChatCompletions)]);
        await AnswerAsync(channel);

        var request = Assert.Single(Upstream.Received);
        Assert.Equal($"Bearer {ProviderKey}", request.Headers["Authorization"]);
        Assert.DoesNotContain("x-api-key", request.Headers.Keys);
    }

    [Fact]
    public async Task Without_a_provider_key_no_credential_is_sent()
    {
        await AnswerAsync(Channels.Create("open", baseUrl: BaseUrl));

        Assert.Equal(
            ["Accept", "Content-Length", "Content-Type", "Host", "User-Agent"], Assert.Single(Upstream.Received).Headers.Keys.Order());
    }

    [Fact]
    public async Task A_redirection_is_not_followed()
    {
        Upstream.Answer = context =>
        {
            context.Response.Redirect("/elsewhere", permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        };
        using var answer = await SendAsync();

        Assert.Equal(307, answer.Status);
        Assert.Single(Upstream.Received);
    }

    [Fact]
    public async Task Cookies_are_not_kept()
    {
        Upstream.Answer = context =>
        {
            context.Response.Headers.SetCookie = "session=1";
            return context.Response.WriteAsync("hello");
        };
        await AnswerAsync(Main);
        await AnswerAsync(Main);

        Assert.DoesNotContain("Cookie", Upstream.Received.Last().Headers.Keys);
    }

    [Fact]
    public async Task Answers_that_are_read_to_their_end_leave_their_connection_to_the_next()
    {
        Upstream.Answer = async context =>
        {
            await context.Response.WriteAsync("data: 1\n\n");
            await context.Response.Body.FlushAsync();
            await context.Response.WriteAsync("data: 2\n\n");
        };
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("data: 1\n\ndata: 2\n\n"u8.ToArray(), await AnswerAsync(Main, streamed: true));
        }

        Assert.Single(Upstream.Received.Select(r => r.Connection).Distinct());
    }
}
