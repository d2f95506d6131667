using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Tests.Channels.Upstream;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Gateway;

/// <summary>
/// What real upstreams do, and what a client, the log and the ledger are told of it: of an upstream that is alone, and of one with a
/// healthy one behind it.
/// </summary>
public sealed class UpstreamQuirkTests(UpstreamQuirkTests.TwoUpstreams house) : IClassFixture<UpstreamQuirkTests.TwoUpstreams>
{
    private const string Healthy = "Hello to you";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>How it is asked.</summary>
    public enum Ask
    {
        /// <summary>A chat completion, whole and streamed.</summary>
        Chat,
        Whole,
        Stream,

        /// <summary>A message of Anthropic's, streamed.</summary>
        Messages,
    }

    private static readonly Quirk[] _quirks =
    [
        // A stream is a stream whatever its content type says.
        new("a stream sent as text/plain", Ask.Stream, Events("text/plain", ChatEvents), Told.Answer),
        new("a stream sent as application/json", Ask.Stream, Events("application/json", ChatEvents), Told.Answer),
        new("a stream sent without a type", Ask.Stream, Events(null, ChatEvents), Told.Answer),
        new("a stream that begins with a byte order mark", Ask.Stream, Events("text/event-stream", "\uFEFF" + ChatEvents), Told.Answer),
        new("a stream that ends without [DONE]", Ask.Stream, Events("text/event-stream", ChatEvents.Replace("data: [DONE]\n\n", "", StringComparison.Ordinal)), Told.Answer),
        new("a message streamed as text/plain", Ask.Messages, Events("text/plain", MessageEvents), Told.Answer),
        new("JSON sent as text/html", Ask.Whole, Says(200, "text/html", ChatAnswer), Told.Answer),
        new("JSON with a content type that no header may hold", Ask.Whole, Says(200, "application/json; x=\u00e9", ChatAnswer), Told.Answer),
        new("a stream with a content type that no header may hold", Ask.Stream, Events("text/event-stream; x=\u00e9", ChatEvents), Told.Answer),
        new("a byte order mark before JSON", Ask.Whole, Says(200, "application/json", "\uFEFF" + ChatAnswer), Told.Answer),
        new("status 201", Ask.Whole, Says(201, "application/json", ChatAnswer), Told.Answer),
        new("JSON where a stream was asked for", Ask.Stream, Says(200, "application/json", ChatAnswer), Told.Answer),

        // Packed, though nobody asked for it.
        new("gzip JSON", Ask.Whole, Packed("gzip", "application/json", ChatAnswer), Told.Answer),
        new("br JSON", Ask.Whole, Packed("br", "application/json", ChatAnswer), Told.Answer),
        new("deflate JSON", Ask.Whole, Packed("deflate", "application/json", ChatAnswer), Told.Answer),
        new("a gzip stream", Ask.Stream, Packed("gzip", "text/event-stream", ChatEvents), Told.Answer),
        new("a gzip error", Ask.Chat, Packed("gzip", "application/json", Wrong, 400), Told.Rejection(400)),
        new("something packed in a way nobody can unpack", Ask.Chat, Labelled("compress", "\u001f\u009d..."), Told.Failure),
        new("a damaged gzip", Ask.Chat, Labelled("gzip", "not packed"), Told.BrokenOff),

        // Failures that come with a status of success.
        new("200 with an error", Ask.Chat, Says(200, "application/json", """{"error":{"message":"boom"}}"""), Told.Failure),
        new("200 with an error by name", Ask.Chat, Says(200, "application/json", """{"error":"boom"}"""), Told.Failure),
        new("200 with a rate limit", Ask.Chat, Says(200, "application/json", """{"error":{"code":429,"message":"busy"}}"""), Told.RateLimited),
        new("200 with an HTML page", Ask.Chat, Says(200, "text/html", "<html>Welcome to nginx</html>"), Told.Failure),
        new("200 with nothing", Ask.Chat, Says(200, "application/json", ""), Told.Failure),
        new("204", Ask.Chat, Says(204, null, ""), Told.Failure),
        new("a stream of nothing", Ask.Stream, Events("text/event-stream", ""), Told.Failure),
        new("an error as the first event", Ask.Stream, Events("text/event-stream", "data: {\"error\":{\"message\":\"boom\"}}\n\ndata: [DONE]\n\n"), Told.Failure),
        new("a comment, then an error as the first event", Ask.Stream, Events("text/event-stream", ": waiting\n\ndata: {\"error\":{\"message\":\"boom\"}}\n\n"), Told.Failure),
        new("Anthropic overloaded in the first event", Ask.Messages, Events("text/event-stream", "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n"), Told.Overloaded),
        new("the request's fault in the first event", Ask.Stream, Events("text/event-stream", "data: {\"error\":{\"code\":\"context_length_exceeded\",\"message\":\"too long\"}}\n\n"), Told.Rejection(400)),

        // What is wrong with the channel.
        new("401", Ask.Chat, Says(401, "application/json", """{"error":{"message":"Incorrect API key provided"}}"""), Told.Misconfigured),
        new("402", Ask.Chat, Says(402, "application/json", """{"error":{"message":"Insufficient Balance"}}"""), Told.Misconfigured),
        new("403", Ask.Chat, Says(403, "application/json", """{"error":{"message":"no access"}}"""), Told.Misconfigured),
        new("404 as HTML", Ask.Chat, Says(404, "text/html", "<html>404</html>"), Told.Misconfigured),
        new("404, no such model", Ask.Chat, Says(404, "application/json", """{"error":{"message":"The model `x` does not exist","code":"model_not_found"}}"""), Told.Misconfigured),
        new("400, the provider key is not valid", Ask.Chat, Says(400, "application/json", """{"error":{"message":"API key not valid. Please pass a valid API key.","code":400,"status":"INVALID_ARGUMENT"}}"""), Told.Misconfigured),
        new("Anthropic's credit is used up", Ask.Messages, Says(400, "application/json", """{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low"}}"""), Told.Misconfigured),
        new("429, the account has no credit", Ask.Chat, Says(429, "application/json", """{"error":{"message":"x","type":"insufficient_quota","code":"insufficient_quota"}}"""), Told.Misconfigured),
        new("a redirection", Ask.Chat, Says(307, null, ""), Told.Misconfigured),
        new("429", Ask.Chat, Says(429, "application/json", """{"error":{"message":"slow down"}}"""), Told.RateLimited),
        new("429 of Anthropic", Ask.Messages, Says(429, "application/json", """{"type":"error","error":{"type":"rate_limit_error","message":"slow down"}}"""), Told.RateLimited),
        new("500", Ask.Chat, Says(500, "application/json", """{"error":{"message":"boom"}}"""), Told.Failure),
        new("502 as HTML", Ask.Chat, Says(502, "text/html", "<html>Bad gateway</html>"), Told.Failure),
        new("503", Ask.Chat, Says(503, null, ""), Told.Overloaded),
        new("529", Ask.Messages, Says(529, "application/json", """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"""), Told.Overloaded),
        new("a connection that ends before an answer", Ask.Chat, Abort, Told.Overloaded),

        // What is wrong with the request.
        new("400", Ask.Chat, Says(400, "application/json", Wrong), Told.Rejection(400)),
        new("400 without a type", Ask.Chat, Says(400, null, Wrong), Told.Rejection(400)),
        new("400 as text", Ask.Chat, Says(400, "text/plain", "messages: field required"), Told.Rejection(400)),
        new("422 of a validator", Ask.Chat, Says(422, "application/json", """{"detail":[{"loc":["body","messages"],"msg":"field required"}]}"""), Told.Rejection(422)),
        new("413 as HTML", Ask.Chat, Says(413, "text/html", "<html>Request Entity Too Large</html>"), Told.Rejection(413)),
        new("400 in OpenAI's shape to a client of Anthropic's", Ask.Messages, Says(400, "application/json", Wrong), Told.Rejection(400)),
        new("400 of Anthropic", Ask.Messages, Says(400, "application/json", """{"type":"error","error":{"type":"invalid_request_error","message":"messages: at least one"}}"""), Told.Rejection(400)),
        new("400 in Anthropic's shape to a client of OpenAI's", Ask.Chat, Says(400, "application/json", """{"type":"error","error":{"type":"invalid_request_error","message":"messages: at least one"}}"""), Told.Rejection(400)),

        // What breaks off.
        new("a 400 whose body is cut short", Ask.Chat, CutShort(400, "application/json", "{\"error\":{\"mess"), Told.Failure),
        new("a 200 whose body never begins", Ask.Chat, CutShort(200, "application/json", ""), Told.BrokenOff),
        new("a 200 that breaks off before it says anything", Ask.Whole, CutShort(200, "application/json", "{\"id\":"), Told.BrokenOff),
    ];

    public static TheoryData<string> Names => [.. _quirks.SelectMany(quirk => Ways(quirk.Ask).Select(way => $"{quirk.Name} ({way})"))];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_client_the_log_and_the_ledger_are_told_what_is_right(string name)
    {
        var quirk = _quirks.Single(q => name.StartsWith($"{q.Name} (", StringComparison.Ordinal));
        var way = Enum.Parse<Ask>(name[(name.LastIndexOf('(') + 1)..^1]);
        house.First.Answer = quirk.Answer;
        using var caller = await house.App.CreateCallerAsync();
        using var alone = await AskAsync(caller, "alone", way);
        var text = await alone.Content.ReadAsStringAsync(Cancellation);

        Assert.True(quirk.Told.Status == (int)alone.StatusCode, $"{(int)alone.StatusCode} {text}");
        Assert.Equal(quirk.Told == Told.Answer ? 12 : 0, await caller.ChargedAsync());
        var line = await LastLineAsync(caller.Owner);
        Assert.Equal((quirk.Told.Status, quirk.Told.Code), (line.Status, line.Code));
        ExpectType(alone, text, way);
        if (quirk.Told != Told.Answer)
        {
            ExpectError(alone, text, quirk.Told, way);
        }

        using var both = await AskAsync(caller, "both", way);
        var second = await both.Content.ReadAsStringAsync(Cancellation);
        Assert.Equal(quirk.Told.FailsOver, second.Contains(Healthy, StringComparison.Ordinal));
        Assert.Equal(quirk.Told.FailsOver ? 200 : quirk.Told.Status, (int)both.StatusCode);
        Assert.Equal(quirk.Told == Told.Answer ? 24 : quirk.Told.FailsOver ? 12 : 0, await caller.ChargedAsync());
        await house.App.VerifyAsync();
    }

    private static void ExpectType(HttpResponseMessage answer, string text, Ask way)
    {
        var isStream = answer.IsSuccessStatusCode && way is not Ask.Whole && text.Contains("data:", StringComparison.Ordinal);
        Assert.Equal(isStream ? "text/event-stream" : "application/json", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal(isStream ? "no" : null, answer.Headers.TryGetValues("X-Accel-Buffering", out var buffering) ? buffering.Single() : null);
        Assert.Empty(answer.Content.Headers.ContentEncoding);
        Assert.False(text.StartsWith('\uFEFF'));
    }

    /// <summary>An error is in the client's own dialect, and says whether to try again.</summary>
    private static void ExpectError(HttpResponseMessage answer, string text, Told told, Ask way)
    {
        using var body = JsonDocument.Parse(text);
        var error = body.RootElement.GetProperty("error");
        Assert.NotEqual("", error.GetProperty("message").GetString());
        Assert.NotEqual("", error.GetProperty("type").GetString());
        Assert.Equal(way is Ask.Messages, body.RootElement.TryGetProperty("type", out var type) && type.GetString() == "error");
        Assert.DoesNotContain("boom", text, StringComparison.Ordinal);
        Assert.DoesNotContain("valid API key", text, StringComparison.Ordinal);
        Assert.Equal(told.IsFinal, answer.Headers.Contains("x-should-retry"));
    }

    private static Task<HttpResponseMessage> AskAsync(Caller caller, string model, Ask way) => way switch
    {
        Ask.Messages => caller.PostAsync("/v1/messages", $$"""{"model":"claude-{{model}}","max_tokens":50,"stream":true,"messages":[{"role":"user","content":"Hi"}]}"""),
        _ => caller.ChatAsync(model, more: way is Ask.Stream ? ",\"stream\":true" : ""),
    };

    private async Task<NexLlm.Dashboard.Logs.LogEntry> LastLineAsync(Actor actor)
    {
        await GatewayApp.UntilAsync(async () => (await house.App.LinesAsync(actor)).Count > 0);
        return (await house.App.LinesAsync(actor))[0];
    }

    private static Ask[] Ways(Ask ask) => ask is Ask.Chat ? [Ask.Whole, Ask.Stream] : [ask];

    private const string Wrong = """{"error":{"message":"messages must not be empty","type":"invalid_request_error","param":"messages","code":null}}""";

    private const string ChatAnswer =
        """{"id":"c","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"fine"},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12}}""";

    private const string ChatEvents =
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"fine\"}}]}\n\ndata: {\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":3,\"total_tokens\":12}}\n\ndata: [DONE]\n\n";

    private const string MessageEvents =
        "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":9,\"output_tokens\":1}}}\n\n"
        + "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"fine\"}}\n\n"
        + "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{},\"usage\":{\"output_tokens\":3}}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

    private static RequestDelegate Says(int status, string? type, string body) => http =>
    {
        http.Response.StatusCode = status;
        http.Response.Headers.ContentType = type;
        return body.Length == 0 ? Task.CompletedTask : http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body)).AsTask();
    };

    private static RequestDelegate Events(string? type, string events) => Says(200, type, events);

    private static RequestDelegate Packed(string encoding, string type, string body, int status = 200) => http =>
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = type;
        http.Response.Headers.ContentEncoding = encoding;
        return http.Response.Body.WriteAsync(UnpackingTests.Pack(Encoding.UTF8.GetBytes(body), encoding)).AsTask();
    };

    private static RequestDelegate Labelled(string encoding, string body) => http =>
    {
        http.Response.Headers.ContentEncoding = encoding;
        return http.Response.WriteAsync(body);
    };

    private static RequestDelegate CutShort(int status, string type, string begin) => async http =>
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = type;
        http.Response.ContentLength = 1_000;
        await http.Response.WriteAsync(begin);
        // The server closes the connection in the middle of what it announced.
        await http.Response.Body.FlushAsync();
    };

    private static Task Abort(HttpContext http)
    {
        http.Abort();
        return Task.CompletedTask;
    }

    /// <param name="Code">In the log; none where the answer or the rejection is the upstream's own.</param>
    /// <param name="FailsOver">The next channel is asked.</param>
    /// <param name="IsFinal">Waiting does not help.</param>
    private sealed record Told(int Status, string? Code, bool FailsOver, bool IsFinal)
    {
        public static readonly Told Answer = new(200, null, FailsOver: false, IsFinal: false);
        public static readonly Told Failure = new(502, "upstream_error", FailsOver: true, IsFinal: false);
        public static readonly Told BrokenOff = new(502, "upstream_error", FailsOver: false, IsFinal: false);
        public static readonly Told Overloaded = new(503, "no_channel", FailsOver: true, IsFinal: false);
        public static readonly Told RateLimited = new(429, "upstream_rate_limited", FailsOver: true, IsFinal: false);
        public static readonly Told Misconfigured = new(502, "upstream_misconfigured", FailsOver: true, IsFinal: true);

        public static Told Rejection(int status) => new(status, null, FailsOver: false, IsFinal: true);
    }

    private sealed record Quirk(string Name, Ask Ask, RequestDelegate Answer, Told Told);

    /// <summary>One upstream that is strange, and one behind it that is well; both in either dialect.</summary>
    public sealed class TwoUpstreams : IAsyncLifetime
    {
        private FakeUpstream _second = null!;

        public GatewayApp App { get; private set; } = null!;

        public FakeUpstream First => App.Upstream;

        public async ValueTask InitializeAsync()
        {
            App = await GatewayApp.StartAsync(("Routing:CircuitMinimumCalls", "100000"));
            _second = await FakeUpstream.StartAsync();
            _second.Answer = AnswerWellAsync;
            var number = 1;
            foreach (var (type, prefix) in ((string, string)[])[("OpenAI", ""), ("Anthropic", "claude-")])
            {
                App.AddChannel(number, $"{type}-first", First.BaseUrl, $"{prefix}alone", type, priority: 2);
                App.Settings[$"Provisioning:Channels:{number++}:Models:1"] = $"{prefix}both";
                App.AddChannel(number++, $"{type}-second", _second.BaseUrl, $"{prefix}both", type, priority: 1);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await App.DisposeAsync();
            await _second.DisposeAsync();
        }

        private static Task AnswerWellAsync(HttpContext http) =>
            http.Request.Path.Value!.EndsWith("messages", StringComparison.Ordinal)
                ? Events("text/event-stream", MessageEvents.Replace("fine", Healthy, StringComparison.Ordinal))(http)
            : FakeUpstream.BodyOf(http).Contains("\"stream\":true", StringComparison.Ordinal)
                ? Events("text/event-stream", ChatEvents.Replace("fine", Healthy, StringComparison.Ordinal))(http)
            : Says(200, "application/json", ChatAnswer.Replace("fine", Healthy, StringComparison.Ordinal))(http);
    }
}
