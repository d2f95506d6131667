using System.Globalization;
using System.Text;
using CsCheck;

namespace NexLlm.Dashboard.Tests.Gateway.Dialects;

/// <summary>JSON as clients might write it: any spacing, any escapes, names that are read here at places where they are not.</summary>
internal static class RandomJson
{
    private static readonly string[] _names =
    [
        "a", "B", "name", "Other", "temperature", "user", "tools", "input", "prompt", "messages", "system", "metadata", "text", "type",
        "content", "source", "data", "image_url", "url", "response_format", "schema", "n", "max_tokens", "stream", "stream_options",
        "include_usage", "store", "arguments", "annotations", "citations", "action", "env", "tool_calls", "plugins", "function", "input_schema", "best_of", "é", "漢字", "with \"quotes\"", "models", "api_key", "organization", "role",
    ];

    private static readonly string[] _numbers = ["0", "1", "-1", "1.0", "1.50e+10", "-0", "12345678901234567890", "1e-400", "0.1"];

    private static readonly Gen<string> _space = Gen.Int[0, 9].Select(i => i switch { 0 => " ", 1 => "\n", 2 => "\t \r\n", _ => "" });

    private static readonly Gen<string> _string = Gen.Select(Gen.String, Gen.Int[0, 5]).Select((text, every) => Quoted(text, every));

    private static readonly Gen<string> _name =
        Gen.Frequency((5, Gen.Int[0, _names.Length - 1].Select(i => _names[i])), (1, Gen.String[0, 8])).Select(Gen.Int[0, 5], Quoted);

    private static readonly Gen<string> _scalar = Gen.Frequency(
        (3, _string),
        (2, Gen.Int[0, _numbers.Length - 1].Select(i => _numbers[i])),
        (1, Gen.Int[0, 2].Select(i => i switch { 0 => "true", 1 => "false", _ => "null" })));

    /// <summary>An object's members, without the braces; some names stand twice.</summary>
    public static Gen<string> Members { get; } = Object(3);

    private static Gen<string> Value(int depth) => depth == 0
        ? _scalar
        : Gen.Frequency((4, _scalar), (2, Object(depth - 1).Select(members => $"{{{members}}}")), (1, Array(depth - 1)));

    private static Gen<string> Object(int depth) =>
        Gen.Select(_space, _name, _space, Value(depth), _space).Select((a, name, b, value, c) => $"{a}{name}{b}:{value}{c}")
            .Array[0, 5].Select(members => string.Join(',', members));

    private static Gen<string> Array(int depth) =>
        Gen.Select(_space, Value(depth)).Select((space, value) => space + value).Array[0, 4].Select(values => $"[{string.Join(',', values)}]");

    /// <summary>A JSON string in which every so manyth character is written as an escape, and none for 0.</summary>
    private static string Quoted(string text, int every)
    {
        var written = new StringBuilder("\"");
        for (var i = 0; i < text.Length; i++)
        {
            var letter = text[i];
            // A surrogate by itself is no UTF-8; as an escape it is still JSON.
            if ((every > 0 && i % every == 0) || letter < ' ' || letter is '"' or '\\' || char.IsSurrogate(letter))
                written.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}");
            else written.Append(letter);
        }

        return written.Append('"').ToString();
    }
}
