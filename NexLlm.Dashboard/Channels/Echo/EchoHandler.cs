using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using NexLlm.Dashboard.Channels.Tokens;

namespace NexLlm.Dashboard.Channels.Echo;

/// <summary>
/// The built-in provider: answers any supported API with the last user message, up to the requested token limit, and reports its token
/// counts. Callers can't tell it from a real provider.
/// </summary>
internal sealed class EchoHandler(TokenCounter tokens, PromptCounter prompts, TimeProvider clock) : HttpMessageHandler
{
    /// <summary>Counting this much takes about 60 milliseconds. The rest of a longer prompt is estimated.</summary>
    private const int MostCounted = 256 * 1_024;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var api = UpstreamApis.All.First(a => request.RequestUri!.AbsolutePath.EndsWith(a.Path(), StringComparison.Ordinal));
        var body = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
        try
        {
            using var json = JsonDocument.Parse(body);
            return Answer(api, json.RootElement, (int)prompts.Count(body, MostCounted).Estimate);
        }
        catch (JsonException)
        {
            return Refused(api, "The request body is not valid JSON.");
        }
        catch (EchoRefusal refusal)
        {
            return Refused(api, refusal.Message);
        }
    }

    private HttpResponseMessage Answer(UpstreamApi api, JsonElement body, int promptTokens)
    {
        var asked = new EchoRequest(body);
        if (api is UpstreamApi.Embeddings)
        {
            return Whole(HttpStatusCode.OK, EmbeddingsEcho.Whole(asked.Model, asked.Inputs(tokens), asked.Dimensions, asked.WantsBase64, promptTokens));
        }

        if (api is UpstreamApi.CountTokens)
        {
            return Whole(HttpStatusCode.OK, MessagesEcho.Count(asked, promptTokens));
        }

        var reply = new EchoReply(
            RandomNumberGenerator.GetHexString(24, lowercase: true), asked.Model, clock.GetUtcNow().ToUnixTimeSeconds(),
            promptTokens, [.. Texts(api, asked)], asked.IncludesUsage);
        return asked.IsStream ? Streamed(Events(api, reply)) : Whole(HttpStatusCode.OK, api switch
        {
            UpstreamApi.ChatCompletions => ChatEcho.Whole(reply),
            UpstreamApi.Completions => CompletionsEcho.Whole(reply),
            UpstreamApi.Responses => ResponsesEcho.Whole(reply),
            UpstreamApi.Messages => MessagesEcho.Whole(reply),
            _ => throw NoText(api),
        });
    }

    private static IEnumerable<EchoEvent> Events(UpstreamApi api, EchoReply reply) => api switch
    {
        UpstreamApi.ChatCompletions => ChatEcho.Events(reply),
        UpstreamApi.Completions => CompletionsEcho.Events(reply),
        UpstreamApi.Responses => ResponsesEcho.Events(reply),
        UpstreamApi.Messages => MessagesEcho.Events(reply),
        _ => throw NoText(api),
    };

    private static InvalidOperationException NoText(UpstreamApi api) => new($"The built-in channel answers {api} with no text.");

    private IEnumerable<EchoText> Texts(UpstreamApi api, EchoRequest asked)
    {
        var cap = asked.Cap(api);
        var said = api is UpstreamApi.Completions ? asked.Prompts(tokens) : [asked.LastUserText];
        foreach (var text in said)
        {
            var (length, count) = tokens.Fit(text, cap ?? int.MaxValue);
            var answer = new EchoText(text[..length], count, IsCut: length < text.Length);
            for (var i = 0; i < asked.Answers; i++)
            {
                yield return answer;
            }
        }
    }

    private static HttpResponseMessage Whole(HttpStatusCode status, object answer)
    {
        var content = new ByteArrayContent(EchoJson.Bytes(answer));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return new HttpResponseMessage(status) { Content = content };
    }

    private static HttpResponseMessage Streamed(IEnumerable<EchoEvent> events)
    {
        var content = new StreamContent(new EchoEventStream(events));
        content.Headers.ContentType = new MediaTypeHeaderValue("text/event-stream");
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
    }

    private static HttpResponseMessage Refused(UpstreamApi api, string message) => Whole(HttpStatusCode.BadRequest, api.IsAnthropic()
        ? new { Type = "error", Error = new { Type = "invalid_request_error", Message = message } }
        : new { Error = new { Message = message, Type = "invalid_request_error", Param = (string?)null, Code = "invalid_request" } });
}
