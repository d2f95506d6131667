using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace NexLlm.Dashboard.Tests.TestKit;

/// <summary>
/// A provider, or whatever else the program calls, that does what a test tells it: a real server on a free port, which keeps
/// what it was sent.
/// </summary>
public sealed class FakeUpstream : IAsyncDisposable
{
    private readonly WebApplication _server;

    private FakeUpstream(WebApplication server) => _server = server;

    /// <summary>What it answers; a short chat completion unless told otherwise.</summary>
    public RequestDelegate Answer { get; set; } = ChatOf("Hello to you", prompt: 9, completion: 3);

    /// <summary>In the order of arrival.</summary>
    public ConcurrentQueue<ReceivedRequest> Received { get; } = [];

    public string Address => _server.Urls.Single();

    public string BaseUrl => $"{Address}/v1";

    public static async Task<FakeUpstream> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            // Real ones send what no header may hold.
            kestrel.ResponseHeaderEncodingSelector = _ => Encoding.Latin1;
        });
        builder.Logging.ClearProviders();
        var server = builder.Build();
        var upstream = new FakeUpstream(server);
        server.Run(upstream.RunAsync);
        await server.StartAsync();
        return upstream;
    }

    /// <summary>An answer in one piece.</summary>
    public static RequestDelegate ChatOf(string text, long prompt, long completion) => Json(
        $$$"""{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"{{{text}}}"},"finish_reason":"stop"}],"usage":{"prompt_tokens":{{{N(prompt)}}},"completion_tokens":{{{N(completion)}}},"total_tokens":{{{N(prompt + completion)}}}}}""");

    public static RequestDelegate Json(string body, int status = 200) => async http =>
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(body);
    };

    /// <summary>A stream of chat chunks, with usage where the request asked for it.</summary>
    /// <param name="pieces">The texts, a chunk each.</param>
    /// <param name="between">Awaited before each chunk; its argument is the chunk's number.</param>
    public static RequestDelegate ChatStreamOf(IReadOnlyList<string> pieces, long prompt, long completion, Func<int, Task>? between = null) => async http =>
    {
        http.Response.ContentType = "text/event-stream";
        for (var i = 0; i < pieces.Count; i++)
        {
            if (between is not null)
            {
                await between(i);
            }

            await http.SendEventAsync($$$"""{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"{{{pieces[i]}}}"},"finish_reason":null}]}""");
        }

        await http.SendEventAsync("""{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""");
        await http.SendEventAsync(
            $$$"""{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[],"usage":{"prompt_tokens":{{{N(prompt)}}},"completion_tokens":{{{N(completion)}}},"total_tokens":{{{N(prompt + completion)}}}}}""");
        await http.SendEventAsync("[DONE]");
    };

    /// <summary>The body of the request that is being answered.</summary>
    public static string BodyOf(HttpContext http) => (string)http.Items[nameof(BodyOf)]!;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static string N(long number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task RunAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var received = new ReceivedRequest(
            http.Request.Method,
            http.Request.Path + http.Request.QueryString,
            http.Request.Protocol,
            http.Connection.Id,
            http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body.ToArray());
        http.Items[nameof(BodyOf)] = received.Body;
        Received.Enqueue(received);
        await Answer(http);
    }
}

/// <summary>What an upstream was sent, to the last header.</summary>
/// <param name="Path">With the query.</param>
/// <param name="Connection">The same for requests that came on the same one.</param>
public sealed record ReceivedRequest(
    string Method, string Path, string Protocol, string Connection, IReadOnlyDictionary<string, string> Headers, byte[] Bytes)
{
    public string Body { get; } = Encoding.UTF8.GetString(Bytes);
}

public static class ServerSentEvents
{
    /// <summary>Sends one event at once.</summary>
    public static async Task SendEventAsync(this HttpContext http, string data)
    {
        await http.Response.WriteAsync($"data: {data}\n\n");
        await http.Response.Body.FlushAsync();
    }
}
