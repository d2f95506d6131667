using System.Text;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Gateway.UpstreamResponses;

namespace NexLlm.Dashboard.Tests.Gateway.UpstreamResponses;

/// <summary>What an upstream's answer means, by status, content type, body, streamed or not, and dialect.</summary>
public sealed class ResponseOutcomeTableTests
{
    private const string Chat = """{"id":"1","object":"chat.completion","choices":[{"message":{"content":"an \"error\" in words"}}]}""";
    private const string Stream = "data: {\"choices\":[{\"delta\":{\"content\":\"error\"}}]}\n\n";
    private const string Html = "\r\n<!DOCTYPE html><html><body>nginx</body></html>";

    private static readonly UpstreamApi[] _dialects =
        [UpstreamApi.ChatCompletions, UpstreamApi.Completions, UpstreamApi.Embeddings, UpstreamApi.Responses, UpstreamApi.Messages];

    private static readonly string?[] _types =
        ["application/json", "text/event-stream; charset=utf-8", "text/plain", "text/html", "application/octet-stream", "nonsense \u00e9", "", null];

    /// <summary>Statuses, body, and what the two mean.</summary>
    private static readonly (int[] Statuses, string Body, ResponseOutcome Outcome)[] _rows =
    [
        // An answer, in whatever form it was asked for and by whatever name it is called.
        ([200, 201, 202, 206], Chat, ResponseOutcome.Answer),
        ([200, 201], "\uFEFF" + Chat, ResponseOutcome.Answer),
        ([200], """{"id":"m","type":"message","role":"assistant","content":[{"type":"text","text":"x"}]}""", ResponseOutcome.Answer),
        ([200], """{"id":"r","object":"response","error":null,"status":"completed","output":[{"type":"message"}]}""", ResponseOutcome.Answer),
        ([200], """{"object":"list","data":[{"embedding":[0.1]}]}""", ResponseOutcome.Answer),
        ([200], """{"id":"1","choices":[{"text":"x"}],"error":{"message":"of one choice only"}}""", ResponseOutcome.Answer),
        ([200], "{}", ResponseOutcome.Answer),
        ([200], """{"id":"1","error":{},"choices":[]}""", ResponseOutcome.Answer),
        ([200], "data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}],\"error\":\"\"}\n\n", ResponseOutcome.Answer),
        ([200, 201], Stream, ResponseOutcome.Answer),
        ([200], "\uFEFF: comment\n\n\r\nretry: 3000\n\n" + Stream, ResponseOutcome.Answer),
        ([200], "event: message_start\ndata: {\"type\":\"message_start\"}\n\n", ResponseOutcome.Answer),
        ([200], "id: 1\r\ndata: {\"type\":\"response.created\",\"response\":{\"error\":null}}\r\n\r\n", ResponseOutcome.Answer),

        // No answer, though the status says so.
        ([200, 204], "", ResponseOutcome.Failed),
        ([200], "  \n", ResponseOutcome.Failed),
        ([200, 201], Html, ResponseOutcome.Failed),
        ([200], "<?xml version=\"1.0\"?><Error/>", ResponseOutcome.Failed),
        ([200], "upstream connect error or disconnect/reset before headers", ResponseOutcome.Failed),
        ([200, 201], """{"error":{"message":"boom"}}""", ResponseOutcome.Failed),
        ([200], """{"error":"boom"}""", ResponseOutcome.Failed),
        ([200], """[{"error":{"code":500,"message":"boom","status":"INTERNAL"}}]""", ResponseOutcome.Failed),
        ([200], """{"id":"1","choices":[],"error":{"message":"boom","code":"server_error"}}""", ResponseOutcome.Failed),
        ([200], """{"object":"error","message":"boom","type":"InternalServerError","code":500}""", ResponseOutcome.Failed),
        ([200], """{"code":50001,"msg":"boom"}""", ResponseOutcome.Failed),
        ([200], """{"id":"r","object":"response","status":"failed","error":{"code":"server_error","message":"boom"},"output":[]}""", ResponseOutcome.Failed),
        ([200], "data: {\"error\":{\"message\":\"boom\"}}\n\n", ResponseOutcome.Failed),
        ([200], ": waiting\n\nevent: error\ndata: boom\n\n" + Stream, ResponseOutcome.Failed),
        ([200], "data: {\"id\":\"1\",\"choices\":[{\"delta\":{\"content\":\"\"},\"finish_reason\":\"error\"}],\"error\":{\"message\":\"boom\"}}\n\n", ResponseOutcome.Failed),
        ([200], "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"boom\"}}\n\n", ResponseOutcome.Failed),
        ([200], "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n", ResponseOutcome.Overloaded),
        ([200], """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""", ResponseOutcome.Overloaded),
        ([200], """{"error":{"code":429,"message":"Provider returned error"}}""", ResponseOutcome.RateLimited),
        ([200], "data: {\"error\":{\"type\":\"tokens\",\"code\":\"rate_limit_exceeded\"}}\n\n", ResponseOutcome.RateLimited),
        ([200], """{"error":{"message":"Incorrect API key","type":"invalid_request_error","code":"invalid_api_key"}}""", ResponseOutcome.Misconfigured),
        ([200], """{"type":"error","error":{"type":"invalid_request_error","message":"max_tokens: must be positive"}}""", ResponseOutcome.Rejection),
        ([200], "data: {\"error\":{\"code\":\"context_length_exceeded\",\"message\":\"too long\"}}\n\n", ResponseOutcome.Rejection),

        // The upstream is down, busy, or elsewhere.
        ([500, 501, 502, 504, 520, 524, 408, 425], """{"error":{"message":"x"}}""", ResponseOutcome.Failed),
        ([500, 502, 504], Html, ResponseOutcome.Failed),
        ([503, 529], """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""", ResponseOutcome.Overloaded),
        ([503], Html, ResponseOutcome.Overloaded),
        ([429], """{"error":{"type":"requests","code":"rate_limit_exceeded","message":"You can add a payment method in billing."}}""", ResponseOutcome.RateLimited),
        ([429], """{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"You exceeded your current quota, please check your plan"}}""", ResponseOutcome.RateLimited),
        ([429], "", ResponseOutcome.RateLimited),
        ([301, 302, 303, 307, 308], Html, ResponseOutcome.Misconfigured),

        // Its address, our key or our credit is wrong.
        ([401, 402], """{"error":{"message":"x"}}""", ResponseOutcome.Misconfigured),
        ([401, 402, 405, 407, 421, 426], Html, ResponseOutcome.Misconfigured),
        ([404], Html, ResponseOutcome.Misconfigured),
        ([404], "404 page not found", ResponseOutcome.Misconfigured),
        ([404], "", ResponseOutcome.Misconfigured),
        ([429], """{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","code":"insufficient_quota"}}""", ResponseOutcome.Misconfigured),
        ([404, 400, 422], """{"error":{"message":"The model `x` does not exist or you do not have access to it.","type":"invalid_request_error","param":null,"code":"model_not_found"}}""", ResponseOutcome.Unserved),
        ([404, 400], """{"error":"model 'x' not found, try pulling it first"}""", ResponseOutcome.Unserved),
        ([404], """{"type":"error","error":{"type":"not_found_error","message":"model: claude-9"}}""", ResponseOutcome.Unserved),
        ([404], """{"detail":"Not Found"}""", ResponseOutcome.Unserved),
        ([410], "gone", ResponseOutcome.Unserved),
        ([400], """{"error":{"message":"Model Not Exist","type":"invalid_request_error","param":null,"code":"invalid_request_error"}}""", ResponseOutcome.Unserved),
        ([400], """[{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}]""", ResponseOutcome.Unserved),
        ([400], """{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the Anthropic API."}}""", ResponseOutcome.Unserved),
        ([403], """{"error":{"message":"Project does not have access to this model"}}""", ResponseOutcome.Unserved),
        ([403, 400], Html, ResponseOutcome.Unserved),

        // The request is wrong, and would be everywhere.
        ([400, 409, 413, 415, 422], """{"error":{"message":"messages must not be empty","type":"invalid_request_error","param":"messages","code":null}}""", ResponseOutcome.Rejection),
        ([400, 413, 422], """{"type":"error","error":{"type":"invalid_request_error","message":"messages: at least one"}}""", ResponseOutcome.Rejection),
        ([400], """{"error":{"message":"max_tokens is too large","code":"context_length_exceeded"}}""", ResponseOutcome.Rejection),
        ([422], """{"detail":[{"loc":["body","messages"],"msg":"Field required"}]}""", ResponseOutcome.Rejection),
        ([400, 422], "Bad request: messages missing", ResponseOutcome.Rejection),
        ([400, 451], "", ResponseOutcome.Rejection),
        ([413], Html, ResponseOutcome.Rejection),
        ([403], """{"error":{"code":403,"message":"Your input was flagged","metadata":{"reasons":["x"]}}}""", ResponseOutcome.Rejection),
        // What a client wrote is repeated in an error about it, and proves nothing about the channel.
        ([400], """{"error":{"message":"Invalid value: 'API key not valid: model not found'","type":"invalid_request_error","param":"messages[0].role","code":null}}""", ResponseOutcome.Rejection),
    ];

    [Fact]
    public void Each_row_means_the_same_in_every_dialect_streamed_or_not_and_whatever_the_content_type_says()
    {
        foreach (var (statuses, body, outcome) in _rows)
        {
            foreach (var status in statuses)
            {
                Assert.All(
                    from type in _types
                    from streamed in (bool[])[false, true]
                    from api in _dialects
                    select (type, streamed, api),
                    how => Assert.True(
                        outcome == Judge(status, body, how.type, how.streamed, how.api),
                        $"{status} {body} as {how}: {Judge(status, body, how.type, how.streamed, how.api)}"));
            }
        }
    }

    [Fact]
    public void Only_an_answer_is_charged_and_only_the_requests_own_fault_is_told_in_the_upstreams_words()
    {
        foreach (var outcome in All())
        {
            Assert.Equal(outcome.Next is NextStep.NextChannel or NextStep.GiveUp, outcome.Verdict is not null);
            Assert.Equal(outcome == ResponseOutcome.Unreachable, outcome.CircuitEffect is CircuitEffect.None && outcome.Verdict is not null);
        }
    }

    [Fact]
    public void No_status_is_without_a_meaning_and_every_meaning_of_an_answer_is_in_use()
    {
        var met = new HashSet<ResponseOutcome> { ResponseOutcome.Unreachable };
        for (var status = 100; status < 1_000; status++)
        {
            foreach (var form in Enum.GetValues<ResponseKind>())
            {
                foreach (var complaint in Enum.GetValues<ErrorCause>())
                {
                    met.Add(ResponseOutcomeTable.Of(status, form, complaint));
                }
            }
        }

        Assert.Equal(All().ToHashSet(), met);
    }

    [Fact]
    public void An_answer_that_breaks_off_is_given_up_and_an_error_that_does_fails_over()
    {
        Assert.Equal(ResponseOutcome.BrokenOff, ResponseOutcomeTable.Of(200, ResponseKind.CutShort, ErrorCause.Anything));
        Assert.Equal(ResponseOutcome.Failed, ResponseOutcomeTable.Of(400, ResponseKind.CutShort, ErrorCause.Anything));
        Assert.Equal(ResponseOutcome.RateLimited, ResponseOutcomeTable.Of(429, ResponseKind.CutShort, ErrorCause.Anything));
    }

    [Theory]
    [InlineData("""{"error":{"message":"Unrecognized request argument supplied: stream_options"}}""")]
    [InlineData("""{"detail":[{"loc":["body","stream_options"],"msg":"Extra inputs are not permitted"}]}""")]
    [InlineData("unknown field include_usage")]
    public void An_option_that_only_the_gateway_sent_is_taken_out_and_the_same_channel_asked_again(string body)
    {
        foreach (var status in (int[])[400, 422])
        {
            var text = Encoding.UTF8.GetBytes(body);
            Assert.Equal(ResponseOutcome.NoUsageOption, ResponseOutcomeTable.Judge(status, ResponseKind.Json, text, usageAsked: true).Outcome);
            Assert.Equal(ResponseOutcome.Rejection, ResponseOutcomeTable.Judge(status, ResponseKind.Json, text, usageAsked: false).Outcome);
        }
    }

    [Theory]
    [InlineData("d", false)]
    [InlineData("data: {\"choices\"", false)]
    [InlineData("event: error\n", false)]
    [InlineData("data: x\n\n", true)]
    [InlineData("data: x\r\r", true)]
    [InlineData(": still waiting", true)]
    [InlineData(": still waiting\n\n", true)]
    [InlineData("\n", true)]
    [InlineData(": waiting\n\ndata: {", false)]
    public void Of_a_stream_no_more_than_its_first_event_is_waited_for_and_nothing_that_keeps_it_alive(string head, bool decided) =>
        Assert.Equal(decided, ResponseClassifier.Classify(Encoding.UTF8.GetBytes(head), ended: false, streamed: true, UpstreamApi.ChatCompletions, null) is not ResponseKind.Undecided);

    [Fact]
    public void Blank_lines_are_not_collected_without_end() =>
        Assert.Equal(ResponseKind.Json, ResponseClassifier.Classify(
            Encoding.UTF8.GetBytes(new string('\n', ResponseClassifier.MostLookedAt)), ended: false, streamed: false, UpstreamApi.ChatCompletions, null));

    [Fact]
    public void A_large_answer_is_not_waited_for() =>
        Assert.Equal(ResponseKind.Json, ResponseClassifier.Classify(
            Encoding.UTF8.GetBytes("{\"choices\":[{\"message\":{\"content\":\"" + new string('x', ResponseClassifier.MostLookedAt)), ended: false, streamed: false, UpstreamApi.ChatCompletions, null));

    [Theory]
    [InlineData(null, "37", 37_000)]
    [InlineData(null, " 1.5 ", 1_500)]
    [InlineData("250", "1", 250)]
    [InlineData("nonsense", "2", 2_000)]
    [InlineData(null, "Sun, 29 Nov 2026 12:00:42 GMT", 42_000)]
    [InlineData(null, "Sun, 29 Nov 2026 11:00:00 GMT", 0)]
    [InlineData(null, "999999999", 86_400_000)]
    [InlineData(null, "-5", null)]
    [InlineData(null, "NaN", null)]
    [InlineData(null, "soon", null)]
    [InlineData(null, null, null)]
    public void A_providers_wait_is_read_in_every_way_it_is_written(string? milliseconds, string? retryAfter, int? wait) =>
        Assert.Equal(
            wait is { } ms ? TimeSpan.FromMilliseconds(ms) : null,
            ProviderRetryAfter.Of(milliseconds, retryAfter, new DateTimeOffset(2026, 11, 29, 12, 0, 0, TimeSpan.Zero)));

    [Theory]
    [InlineData("audio/mpeg", "audio/mpeg")]
    [InlineData("Text/Plain; charset=utf-8", "text/plain")]
    [InlineData("text/html", "application/octet-stream")]
    [InlineData("image/svg+xml", "application/octet-stream")]
    [InlineData("audio/\u00e9", "application/octet-stream")]
    [InlineData(null, "application/octet-stream")]
    public void Media_have_only_types_that_no_browser_runs(string? upstream, string told) => Assert.Equal(told, SafeContentTypes.Safe(upstream));

    private static ResponseOutcome Judge(int status, string body, string? type, bool streamed, UpstreamApi api)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var form = ResponseOutcomeTable.NeedsBody(status) ? ResponseClassifier.Classify(bytes, ended: true, streamed, api, type) : ResponseKind.Unread;
        return ResponseOutcomeTable.Judge(status, form, bytes, usageAsked: streamed).Outcome;
    }

    private static IEnumerable<ResponseOutcome> All() =>
        typeof(ResponseOutcome).GetFields().Select(field => field.GetValue(null)).OfType<ResponseOutcome>();
}
