using System.Text;
using System.Text.Json;
using NexLlm.Dashboard.Gateway.Dialects;
using NexLlm.Dashboard.Gateway.Json;

namespace NexLlm.Dashboard.Gateway.UpstreamResponses;

/// <summary>What an upstream says is wrong, in whatever shape it says so.</summary>
/// <param name="Status">The answer's, or the one that the error stands for where the answer's was one of success.</param>
/// <param name="Message">Null if it says nothing that a person could read.</param>
/// <param name="Param">The member of the request that it is about.</param>
/// <param name="Dialect">That in which its body can go to a client as it is; null if there is none.</param>
internal sealed record ProviderError(int Status, string? Type, string? Code, string? Message, string? Param, Dialect? Dialect)
{
    /// <summary>Longer texts are no messages, but pages or echoes.</summary>
    private const int LongestMessage = 2_000;

    /// <param name="status">The answer's.</param>
    public static ProviderError Read(int status, ReadOnlySpan<byte> body)
    {
        using var whole = new SseEvent(ResponseClassifier.FirstEvent(body, out _));
        // A body is JSON, or the event that says so, or neither.
        var isEvent = !whole.Data.IsEmpty;
        var error = Json(isEvent ? whole.Data : body, isEvent) ?? new ProviderError(status, null, null, Text(body), null, null);
        return status is >= 200 and < 300
            ? error with { Status = ProviderErrorCodes.StatusOf(error.Code) ?? ProviderErrorCodes.StatusOf(error.Type) ?? StatusCodes.Status502BadGateway }
            : error with { Status = status };
    }

    private static ProviderError? Json(ReadOnlySpan<byte> text, bool isEvent)
    {
        try
        {
            using var json = JsonDocument.Parse((text.StartsWith(ResponseClassifier.ByteOrderMark) ? text[3..] : text).ToArray());
            var root = json.RootElement is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0 ? list[0] : json.RootElement;
            return root.ValueKind is JsonValueKind.Object ? Object(root, isEvent || json.RootElement.ValueKind is JsonValueKind.Array) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ProviderError Object(JsonElement root, bool isWrapped)
    {
        // That of a response that failed in the middle of a stream is a part of it.
        var whole = Member(root, "response") is { ValueKind: JsonValueKind.Object } response ? response : root;
        var error = Member(whole, "error");
        var (said, message) = error switch
        {
            { ValueKind: JsonValueKind.Object } inner => (inner, Words(inner)),
            { ValueKind: JsonValueKind.String } text => (root, text.GetString()),
            _ => (root, Words(root)),
        };
        var dialect = isWrapped || error is not { ValueKind: JsonValueKind.Object } || Word(said, "message") is null ? null : DialectRegistry.Of(root);
        return new ProviderError(0, KindOf(said), Word(said, "code") ?? Word(said, "status") ?? Reason(said), Short(message), Word(said, "param"), dialect);
    }

    private static string? KindOf(JsonElement said) => Word(said, "type") is "error" ? null : Word(said, "type");

    /// <summary>Google writes its status by number, and what is wrong with a key only among the details.</summary>
    private static string? Reason(JsonElement said) =>
        Member(said, "details") is { ValueKind: JsonValueKind.Array } details && details.GetArrayLength() > 0 ? Word(details[0], "reason") : null;

    private static string? Words(JsonElement said) =>
        Word(said, "message") ?? Word(said, "msg") ?? Word(said, "detail") ?? Word(said, "error_description") ?? First(said, "detail") ?? First(said, "errors");

    /// <summary>Validators list what is wrong.</summary>
    private static string? First(JsonElement said, string list) =>
        Member(said, list) is { ValueKind: JsonValueKind.Array } all && all.GetArrayLength() > 0
            ? all[0].ValueKind is JsonValueKind.String ? all[0].GetString() : Word(all[0], "msg") ?? Word(all[0], "message")
            : null;

    private static JsonElement? Member(JsonElement of, string name) =>
        of.ValueKind is JsonValueKind.Object && of.TryGetProperty(name, out var value) ? value : null;

    private static string? Word(JsonElement of, string name) => Member(of, name) switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => null,
    };

    /// <summary>Null for a page, which no person wants to read in an error.</summary>
    private static string? Text(ReadOnlySpan<byte> body) =>
        body.IndexOf((byte)'<') >= 0 || body.Length > LongestMessage ? null : Short(Encoding.UTF8.GetString(body).Trim());

    private static string? Short(string? message) =>
        string.IsNullOrWhiteSpace(message) ? null : message.Length <= LongestMessage ? message : message[..LongestMessage];
}
