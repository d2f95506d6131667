using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace NexLlm.Dashboard.Benchmarks.Gateway.Servers;

/// <summary>
/// Stands for a provider: answers whatever it is asked with a fixed chat completion and its usage, in the manner that the
/// first part of the path names.
/// </summary>
internal static class FakeUpstream
{
    public const int InputTokens = 300;
    public const int OutputTokens = Chunks;

    public static readonly TimeSpan Thinking = TimeSpan.FromMilliseconds(50);

    private const int Chunks = 50;
    private const string EventStream = "text/event-stream";

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(20);

    private static readonly byte[] _plain = Encoding.UTF8.GetBytes(
        $$$"""
        {"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"fake","choices":[{"index":0,"message":{"role":"assistant","content":"{{{string.Concat(Enumerable.Repeat("word ", Chunks))}}}","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":{{{InputTokens}}},"completion_tokens":{{{OutputTokens}}},"total_tokens":{{{InputTokens + OutputTokens}}}}}
        """);

    private static readonly byte[] _chunk = Event(
        """{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"fake","choices":[{"index":0,"delta":{"content":"word "},"logprobs":null,"finish_reason":null}]}""");

    private static readonly byte[] _usage = Event(
        $$$"""{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"fake","choices":[],"usage":{"prompt_tokens":{{{InputTokens}}},"completion_tokens":{{{OutputTokens}}},"total_tokens":{{{InputTokens + OutputTokens}}}}}""");

    private static readonly byte[] _done = Event("[DONE]");

    private static readonly byte[] _burst = [.. Enumerable.Repeat(_chunk, Chunks).SelectMany(chunk => chunk), .. _usage, .. _done];

    public static ReadOnlySpan<byte> PlainAnswer => _plain;

    public static ReadOnlySpan<byte> StreamedAnswer => _burst;

    /// <summary>What a client gets who did not ask for the usage.</summary>
    public static long StreamLengthWithoutUsage => (Chunks * _chunk.Length) + _done.Length;

    // A write is over when the system has it. Otherwise Kestrel would gather the chunks of a stream and send them as one.
    public static Task ServeAsync() => ChildServer.RunAsync(
        builder => builder.WebHost.UseSockets(sockets => sockets.MaxWriteBufferSize = 1),
        app => app.Run(AnswerAsync));

    private static async Task AnswerAsync(HttpContext context)
    {
        await context.Request.BodyReader.CopyToAsync(Stream.Null);
        var path = context.Request.Path.Value!;
        var manner = UpstreamManners.All.First(manner => path.StartsWith(manner.PathBase(), StringComparison.Ordinal));
        await (manner switch
        {
            UpstreamManner.Plain => PlainAsync(context.Response),
            UpstreamManner.Slow => SlowAsync(context.Response),
            UpstreamManner.Streamed => StreamAsync(context.Response, TimeSpan.Zero),
            UpstreamManner.Burst => BurstAsync(context.Response),
            UpstreamManner.Paced => StreamAsync(context.Response, _pause),
        });
    }

    private static async Task SlowAsync(HttpResponse response)
    {
        await Task.Delay(Thinking);
        await PlainAsync(response);
    }

    private static Task PlainAsync(HttpResponse response)
    {
        response.ContentType = "application/json";
        response.ContentLength = _plain.Length;
        return response.Body.WriteAsync(_plain).AsTask();
    }

    private static Task BurstAsync(HttpResponse response)
    {
        response.ContentType = EventStream;
        return response.Body.WriteAsync(_burst).AsTask();
    }

    private static async Task StreamAsync(HttpResponse response, TimeSpan pause)
    {
        response.ContentType = EventStream;
        for (var chunk = 0; chunk < Chunks; chunk++)
        {
            if (pause > TimeSpan.Zero)
            {
                await Task.Delay(pause);
            }

            await response.Body.WriteAsync(_chunk);
        }

        await response.Body.WriteAsync(_usage);
        await response.Body.WriteAsync(_done);
    }

    private static byte[] Event(string data) => Encoding.UTF8.GetBytes($"data: {data}\n\n");
}
