using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace NexLlm.Dashboard.Gateway.Relay;

/// <summary>Keeps a channel's provider key out of provider responses, some of which repeat the request headers.</summary>
internal static class ProviderKeyRedaction
{
    private const string InPlace = "[provider key]";

    /// <summary>Shorter keys are not secrets, but placeholders such as "none" for servers without keys.</summary>
    private const int Shortest = 8;

    [return: NotNullIfNotNull(nameof(text))]
    public static string? Hide(string? text, string? key) =>
        key is { Length: >= Shortest } ? text?.Replace(key, InPlace, StringComparison.OrdinalIgnoreCase) : text;

    /// <summary>Whether the response contains the key, escaped or not.</summary>
    public static bool IsIn(ReadOnlySpan<byte> sent, string? key)
    {
        if (key is not { Length: >= Shortest })
        {
            return false;
        }

        if (Has(Encoding.UTF8.GetString(sent), key))
        {
            return true;
        }

        try
        {
            var json = new Utf8JsonReader(sent);
            while (json.Read())
            {
                if (json.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && json.ValueIsEscaped && Has(json.GetString()!, key))
                {
                    return true;
                }
            }

            return false;
        }
        catch (JsonException)
        {
            return sent.Contains((byte)'\\');
        }
    }

    private static bool Has(string text, string key) => text.Contains(key, StringComparison.OrdinalIgnoreCase);
}
