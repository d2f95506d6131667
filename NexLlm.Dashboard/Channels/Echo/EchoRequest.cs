using System.Text.Json;
using NexLlm.Dashboard.Channels.Tokens;

namespace NexLlm.Dashboard.Channels.Echo;

/// <summary>A request that the built-in channel can't answer. The message is returned to the client.</summary>
internal sealed class EchoRefusal(string message) : Exception(message);

/// <summary>Parses a request of any supported API.</summary>
/// <exception cref="EchoRefusal">Thrown by every member if the body is invalid.</exception>
internal sealed class EchoRequest(JsonElement body)
{
    private const int MostAnswers = 128;
    private const int MostDimensions = 3_072;
    private const int DefaultDimensions = 16;

    private readonly JsonElement _body = body.ValueKind is JsonValueKind.Object ? body : throw new EchoRefusal("The request body must be a JSON object.");

    public string Model => Member(_body, "model") is { ValueKind: JsonValueKind.String } model ? model.GetString()! : throw new EchoRefusal("Missing required parameter: 'model'.");

    public bool IsStream => IsTrue(_body, "stream");

    public bool IncludesUsage => Member(_body, "stream_options") is { } options && IsTrue(options, "include_usage");

    public int Answers => Number("n", MostAnswers) ?? 1;

    public int Dimensions => Number("dimensions", MostDimensions) ?? DefaultDimensions;

    public bool WantsBase64 => Member(_body, "encoding_format") is { ValueKind: JsonValueKind.String } format && format.ValueEquals("base64");

    /// <summary>Empty if there is no user message.</summary>
    public string LastUserText
    {
        get
        {
            var said = Member(_body, "messages") ?? Member(_body, "input");
            return said switch
            {
                { ValueKind: JsonValueKind.String } text => text.GetString()!,
                { ValueKind: JsonValueKind.Array } messages => messages.EnumerateArray().Where(IsUser).Select(Text).LastOrDefault(""),
                _ => throw new EchoRefusal("Missing required parameter: 'messages' or 'input'."),
            };
        }
    }

    /// <summary>The limit on output tokens; null if the client sets none.</summary>
    public int? Cap(UpstreamApi api) => api switch
    {
        UpstreamApi.ChatCompletions => Number("max_completion_tokens", int.MaxValue) ?? Number("max_tokens", int.MaxValue),
        UpstreamApi.Responses => Number("max_output_tokens", int.MaxValue),
        UpstreamApi.Messages => Number("max_tokens", int.MaxValue) ?? throw new EchoRefusal("Missing required parameter: 'max_tokens'."),
        _ => Number("max_tokens", int.MaxValue),
    };

    public IReadOnlyList<string> Prompts(TokenCounter tokens) => Texts("prompt", tokens);

    public IReadOnlyList<string> Inputs(TokenCounter tokens) => Texts("input", tokens);

    /// <summary>Reads one text, several texts, one token array or several token arrays.</summary>
    private List<string> Texts(string name, TokenCounter tokens) => Member(_body, name) switch
    {
        { ValueKind: JsonValueKind.Array } list when list.GetArrayLength() > 0 && list[0].ValueKind is JsonValueKind.Number => [TextOf(list, tokens)],
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(one => TextOf(one, tokens))],
        { } one => [TextOf(one, tokens)],
        null => throw new EchoRefusal($"Missing required parameter: '{name}'."),
    };

    private static string TextOf(JsonElement one, TokenCounter tokens)
    {
        try
        {
            return one.ValueKind is JsonValueKind.Array
                ? tokens.Decode(one.EnumerateArray().Select(token => token.GetInt32()))
                : one.GetString()!;
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or ArgumentException or KeyNotFoundException)
        {
            throw new EchoRefusal("Text must be a string or an array of o200k_base tokens.");
        }
    }

    private static bool IsUser(JsonElement message) =>
        message.ValueKind is JsonValueKind.Object && Member(message, "role") is { ValueKind: JsonValueKind.String } role && role.ValueEquals("user");

    /// <summary>Reads a message's content: a string, or an array in which only the text parts count.</summary>
    private static string Text(JsonElement message) => Member(message, "content") switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { ValueKind: JsonValueKind.Array } parts => string.Join('\n', parts.EnumerateArray()
            .Select(part => part.ValueKind is JsonValueKind.Object ? Member(part, "text") : null)
            .Where(text => text is { ValueKind: JsonValueKind.String })
            .Select(text => text!.Value.GetString())),
        _ => "",
    };

    private int? Number(string name, int most) => Member(_body, name) switch
    {
        null or { ValueKind: JsonValueKind.Null } => null,
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt32(out var value) && value >= 1 && value <= most => value,
        _ => throw new EchoRefusal($"'{name}' must be a whole number from 1 to {most}."),
    };

    private static bool IsTrue(JsonElement from, string name) => Member(from, name) is { ValueKind: JsonValueKind.True };

    private static JsonElement? Member(JsonElement from, string name) =>
        from.ValueKind is JsonValueKind.Object && from.TryGetProperty(name, out var value) ? value : null;
}
