using System.Net;
using System.Text;
using NexLlm.Dashboard.Tests.TestKit;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Tests.Gateway;

/// <summary>What a client gets of a stream, and when.</summary>
public sealed class StreamTests
{
    private const string Streamed = ",\"stream\":true";
    private const string WithUsage = ",\"stream\":true,\"stream_options\":{\"include_usage\":true}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stream_with_usage_passes_byte_for_byte()
    {
        await using var app = await GatewayApp.StartAsync();
        const string sent = ": comment\r\n\r\nevent: x\ndata: {\"choices\":[{\"delta\":{\"content\":\"é \\u00e9\"}}],  \"odd\": 1e2}\n\ndata:{\"choices\":[],\"usage\":{\"prompt_tokens\":4,\"completion_tokens\":2}}\n\ndata: [DONE]\n\n";
        app.Upstream.Answer = async http =>
        {
            http.Response.ContentType = "text/event-stream; charset=utf-8";
            foreach (var b in Encoding.UTF8.GetBytes(sent))
            {
                http.Response.BodyWriter.GetSpan(1)[0] = b;
                http.Response.BodyWriter.Advance(1);
                await http.Response.BodyWriter.FlushAsync();
            }
        };
        using var caller = await app.CreateCallerAsync();
        using var answer = await caller.ChatAsync(more: WithUsage);

        Assert.Equal(sent, await answer.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal(6, await caller.ChargedAsync());
    }

    [Fact]
    public async Task Usage_is_asked_for_and_kept_back_from_a_client_that_did_not_ask()
    {
        await using var app = await GatewayApp.StartAsync();
        app.Upstream.Answer = FakeUpstream.ChatStreamOf(["a", "b", "c"], prompt: 11, completion: 3);
        using var caller = await app.CreateCallerAsync();
        using var answer = await caller.ChatAsync(more: Streamed);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);

        Assert.DoesNotContain("prompt_tokens", text, StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]\n\n", text, StringComparison.Ordinal);
        Assert.Equal(5, text.Split("data: ").Length - 1);
        Assert.Contains("\"include_usage\":true", app.Upstream.Received.Single().Body, StringComparison.Ordinal);
        Assert.Equal(14, await caller.ChargedAsync());
    }

    [Fact]
    public async Task A_chunk_that_has_more_than_usage_arrives_without_the_usage()
    {
        await using var app = await GatewayApp.StartAsync();
        app.Upstream.Answer = async http =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.SendEventAsync("""{"choices":[{"delta":{"content":"a"}}]}""");
            await http.SendEventAsync("""{"choices":[],"usage":{"prompt_tokens":11,"completion_tokens":3},"timings":{"predicted_n":3}}""");
            await http.SendEventAsync("[DONE]");
        };
        using var caller = await app.CreateCallerAsync();
        using var answer = await caller.ChatAsync(more: Streamed);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);

        Assert.EndsWith("data: {\"choices\":[],\"timings\":{\"predicted_n\":3}}\n\ndata: [DONE]\n\n", text, StringComparison.Ordinal);
        Assert.Equal(14, await caller.ChargedAsync());
    }

    [Theory]
    [InlineData("\n")]
    [InlineData(": keep-alive\n")]
    public async Task What_keeps_a_stream_alive_arrives_before_the_first_event(string idle)
    {
        await using var app = await GatewayApp.StartAsync();
        var seen = new TaskCompletionSource();
        app.Upstream.Answer = async http =>
        {
            http.Response.ContentType = "text/event-stream";
            await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(http.Response, idle);
            await http.Response.Body.FlushAsync();
            await seen.Task.WaitAsync(http.RequestAborted);
            await http.SendEventAsync("""{"choices":[{"delta":{"content":"a"}}]}""");
            await http.SendEventAsync("[DONE]");
        };
        using var caller = await app.CreateCallerAsync();
        using var answer = await caller.ChatAsync(more: Streamed);
        await using var stream = await answer.Content.ReadAsStreamAsync(Cancellation);
        var first = new byte[idle.Length];
        await stream.ReadExactlyAsync(first, Cancellation);
        seen.SetResult();

        Assert.Equal(idle, Encoding.UTF8.GetString(first));
        Assert.Contains("[DONE]", await new StreamReader(stream).ReadToEndAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_piece_arrives_before_the_next_is_made()
    {
        await using var app = await GatewayApp.StartAsync();
        using var turn = new SemaphoreSlim(1);
        app.Upstream.Answer = FakeUpstream.ChatStreamOf(["a", "b", "c"], prompt: 1, completion: 3, _ => turn.WaitAsync(Cancellation));
        using var caller = await app.CreateCallerAsync();
        using var answer = await caller.ChatAsync(more: Streamed);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(Cancellation));
        foreach (var piece in (string[])["a", "b", "c"])
        {
            Assert.Contains($"\"{piece}\"", await lines.ReadLineAsync(Cancellation), StringComparison.Ordinal);
            Assert.Equal("", await lines.ReadLineAsync(Cancellation));
            turn.Release();
        }

        await lines.ReadToEndAsync(Cancellation);
    }

    [Fact]
    public async Task A_stream_that_breaks_ends_with_an_error_and_without_its_end_and_what_was_made_is_charged()
    {
        await using var app = await GatewayApp.StartAsync();
        var seen = new TaskCompletionSource();
        app.Upstream.Answer = async http =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.SendEventAsync("""{"choices":[{"delta":{"content":"one two three"}}]}""");
            await seen.Task;
            http.Abort();
        };
        using var caller = await app.CreateCallerAsync();
        using var answer = await caller.ChatAsync(more: Streamed);
        seen.SetResult();
        var text = await TextUntilBreakAsync(answer);

        Assert.Contains("\"code\":\"upstream_error\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", text, StringComparison.Ordinal);
        var charge = Assert.Single(await caller.ChargesAsync());
        Assert.Equal((UsageSource.Counted, 3), (charge.Source, charge.OutputTokens));
    }

    [Theory]
    [InlineData("data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}],\"usage\":{\"prompt_tokens\":-5,\"completion_tokens\":1e400}}\n\n")]
    [InlineData("data: {{{{\n\ndata: \u0000\n\n")]
    public async Task Garbage_is_passed_and_counted_and_breaks_nothing(string garbage)
    {
        await using var app = await GatewayApp.StartAsync();
        app.Upstream.Answer = async http =>
        {
            http.Response.ContentType = "text/event-stream";
            await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(http.Response, garbage);
        };
        using var caller = await app.CreateCallerAsync();
        using var answer = await caller.ChatAsync(more: Streamed);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(garbage, await answer.Content.ReadAsStringAsync(Cancellation));
        Assert.True(await caller.ChargedAsync() > 0);
    }

    /// <summary>What arrived before the connection was cut.</summary>
    internal static async Task<string> TextUntilBreakAsync(HttpResponseMessage answer)
    {
        await using var stream = await answer.Content.ReadAsStreamAsync(Cancellation);
        var text = new MemoryStream();
        var broke = await Record.ExceptionAsync(() => stream.CopyToAsync(text, Cancellation));
        Assert.IsAssignableFrom<IOException>(broke is HttpRequestException { InnerException: { } inner } ? inner : broke);
        return Encoding.UTF8.GetString(text.ToArray());
    }
}
