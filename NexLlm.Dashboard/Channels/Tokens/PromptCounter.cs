using System.Buffers;
using System.Text.Json;

namespace NexLlm.Dashboard.Channels.Tokens;

/// <summary>
/// Counts a request's prompt the way OpenAI describes it: all text that the model gets to see, 3 tokens a message, and 3 that
/// begin the answer. Pictures and other media in the body are not counted.
/// </summary>
/// <remarks>Never more than the body has bytes without its media, which is why those serve as the cheap bound.</remarks>
public sealed class PromptCounter(TokenCounter tokens)
{
    private const int TokensPerMessage = 3;
    private const int TokensOfAnswer = 3;

    // As deep as a body may be nested; what reads bodies for the gateway is stricter.
    private const int MaxDepth = 512;

    /// <param name="jsonBody">A JSON object.</param>
    /// <exception cref="JsonException">It is none.</exception>
    public int Count(ReadOnlySpan<byte> jsonBody)
    {
        var json = new Utf8JsonReader(jsonBody, new JsonReaderOptions { MaxDepth = MaxDepth });
        var total = TokensOfAnswer;
        json.Read();
        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            var list = json.ValueTextEquals("messages"u8) || json.ValueTextEquals("input"u8);
            var tools = json.ValueTextEquals("tools"u8) || json.ValueTextEquals("functions"u8);
            var counts = list || tools || json.ValueTextEquals("prompt"u8) || json.ValueTextEquals("system"u8) || json.ValueTextEquals("instructions"u8)
                || json.ValueTextEquals("query"u8) || json.ValueTextEquals("documents"u8);
            json.Read();
            if (counts)
            {
                total += Member(ref json, list, hasMedia: !tools);
            }
            else
            {
                json.Skip();
            }
        }

        return total;
    }

    /// <summary>Names, strings and numbers of a value; a number is one token, as in a prompt that is given in tokens.</summary>
    private int Member(ref Utf8JsonReader json, bool list, bool hasMedia)
    {
        var (top, total, media) = (json.CurrentDepth, 0, new MediaFinder());
        do
        {
            switch (json.TokenType)
            {
                case JsonTokenType.StartObject when list && json.CurrentDepth == top + 1:
                    total += TokensPerMessage;
                    break;
                case JsonTokenType.PropertyName:
                    media.Enter(json);
                    total += Text(json);
                    break;
                case JsonTokenType.String:
                    total += hasMedia && media.Holds(json) ? 0 : Text(json);
                    break;
                case JsonTokenType.Number:
                    total++;
                    break;
            }
        }
        while ((json.CurrentDepth > top || json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) && json.Read());

        return total;
    }

    private int Text(in Utf8JsonReader json)
    {
        if (json.ValueSpan.IsEmpty)
        {
            return 0;
        }

        var buffer = ArrayPool<char>.Shared.Rent(json.ValueSpan.Length);
        try
        {
            return tokens.Count(buffer.AsSpan(0, json.CopyString(buffer)));
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, or bytes that are no UTF-8: no text, so no count; no more tokens than bytes.
            return json.ValueSpan.Length;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }
    }
}
