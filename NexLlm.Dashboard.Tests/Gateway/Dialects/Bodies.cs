using System.Buffers;
using System.Text;
using System.Text.Json;
using CsCheck;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Gateway.Json;

namespace NexLlm.Dashboard.Tests.Gateway.Dialects;

/// <summary>Requests as the gateway takes them apart and puts them together again.</summary>
internal static class Bodies
{
    public const string UpstreamModel = "upstream-model";

    /// <summary>A body of this API with nothing but what it needs, and these members after it.</summary>
    public static string With(UpstreamApi api, string members) => $$"""{"model":"m",{{Needs(api)}},{{members}}}""";

    public static string Needs(UpstreamApi api) => api switch
    {
        UpstreamApi.ChatCompletions => """ "messages":[{"role":"user","content":"Hi"}] """,
        UpstreamApi.Completions => """ "prompt":"Hi" """,
        UpstreamApi.Embeddings or UpstreamApi.Responses => """ "input":"Hi" """,
        UpstreamApi.CountTokens => """ "messages":[{"role":"user","content":"Hi"}] """,
        UpstreamApi.Messages => """ "max_tokens":16,"messages":[{"role":"user","content":"Hi"}] """,
        UpstreamApi.ImageGenerations => """ "prompt":"Hi" """,
        UpstreamApi.ImageEdits => """ "prompt":"Hi","images":[{"image_url":"https://example.com/a.png"}] """,
        UpstreamApi.Speech => """ "input":"Hi","voice":"alloy" """,
        UpstreamApi.Moderations => """ "input":"Hi" """,
        UpstreamApi.Rerank => """ "query":"Hi","documents":["Hi"] """,
        _ => throw new ArgumentOutOfRangeException(nameof(api), api, null),
    };

    public static ScannedRequest Found(UpstreamApi api, string body)
    {
        var right = RequestScanner.TryScan(api, Encoding.UTF8.GetBytes(body), out var found, out var error);
        Assert.True(right, $"{error?.Message} {body}");
        Assert.Null(error);
        return found;
    }

    public static BodyError Refused(UpstreamApi api, string body) => Refused(api, Encoding.UTF8.GetBytes(body));

    public static BodyError Refused(UpstreamApi api, byte[] body)
    {
        Assert.False(RequestScanner.TryScan(api, body, out _, out var error), Encoding.UTF8.GetString(body));
        return Assert.IsType<BodyError>(error);
    }

    public static string Model(UpstreamApi api, string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        Span<char> model = stackalloc char[RequestScanner.LongestModel];
        Assert.True(RequestScanner.TryScan(api, bytes, out var found, out var error), error?.Message);
        return model[..found.CopyModel(bytes, model)].ToString();
    }

    /// <summary>What goes upstream; null if the body is refused.</summary>
    public static string? Forwarded(UpstreamApi api, string body, string upstreamModel = UpstreamModel, long? cap = null)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        if (!RequestScanner.TryScan(api, bytes, out var found, out _)) return null;
        var written = new ArrayBufferWriter<byte>();
        var changed = BodyRewriter.TryRewrite(api, bytes, found, upstreamModel, cap, written);
        if (!changed) Assert.Equal(0, written.WrittenCount);
        return changed ? Encoding.UTF8.GetString(written.WrittenSpan) : body;
    }

    public static JsonElement Upstream(UpstreamApi api, string body, string upstreamModel = UpstreamModel, long? cap = null)
    {
        var forwarded = Forwarded(api, body, upstreamModel, cap);
        Assert.NotNull(forwarded);
        return JsonElement.Parse(forwarded);
    }

    /// <summary>Any of those whose bodies the scanner reads.</summary>
    public static Gen<UpstreamApi> AnyApi { get; } = Gen.Int[0, RequestScanner.Apis.Count - 1].Select(i => RequestScanner.Apis[i]);

    public static TheoryData<UpstreamApi> Apis => [.. RequestScanner.Apis];
}
