using System.Text;
using System.Text.Json;
using NexLlm.Dashboard.Gateway.Dialects;
using NexLlm.Dashboard.Gateway.Json;

namespace NexLlm.Dashboard.Gateway.UpstreamResponses;

/// <summary>A provider's error, in any of the formats in use.</summary>
/// <param name="Status">The response status, or the equivalent status of an error inside a successful response.</param>
/// <param name="Message">Null if there is no human-readable message.</param>
/// <param name="Param">The request field it refers to.</param>
/// <param name="Dialect">The dialect in which its body can be passed on unchanged; null if none.</param>
internal sealed record ProviderError(int Status, string? Type, string? Code, string? Message, string? Param, Dialect? Dialect)
{
    /// <summary>Longer texts are web pages or echoes, not messages.</summary>
    private const int LongestMessage = 2_000;

    /// <param name="status">The response status.</param>
    public static ProviderError Read(int status, ReadOnlySpan<byte> body)
    {
        using var whole = new SseEvent(ResponseClassifier.FirstEvent(body, out _));
        // A body is JSON, an event containing JSON, or neither.
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
        // The error of a response that failed mid-stream is nested in it.
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

    /// <summary>Google reports its status as a number, and problems with a key only in the details.</summary>
    private static string? Reason(JsonElement said) =>
        Member(said, "details") is { ValueKind: JsonValueKind.Array } details && details.GetArrayLength() > 0 ? Word(details[0], "reason") : null;

    private static string? Words(JsonElement said) =>
        Word(said, "message") ?? Word(said, "msg") ?? Word(said, "detail") ?? Word(said, "error_description") ?? First(said, "detail") ?? First(said, "errors");

    /// <summary>Validators return a list of errors.</summary>
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

    /// <summary>The body as text; null for a web page, which makes no readable message.</summary>
    private static string? Text(ReadOnlySpan<byte> body) =>
        body.IndexOf((byte)'<') >= 0 || body.Length > LongestMessage ? null : Short(Encoding.UTF8.GetString(body).Trim());

    private static string? Short(string? message) =>
        string.IsNullOrWhiteSpace(message) ? null : message.Length <= LongestMessage ? message : message[..LongestMessage];
}
