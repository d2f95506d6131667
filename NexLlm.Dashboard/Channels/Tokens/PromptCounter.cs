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
    public int Count(ReadOnlySpan<byte> jsonBody) => (int)Count(jsonBody, long.MaxValue).Tokens;

    /// <summary>The same within bounds. It takes about a second for 4 MB of text; what is only measured costs next to nothing.</summary>
    /// <param name="jsonBody">A JSON object.</param>
    /// <param name="mostBytes">Text beyond so many bytes is measured, not counted.</param>
    /// <param name="mostTokens">It stops as soon as there are certainly more.</param>
    /// <exception cref="JsonException">It is none.</exception>
    public PromptCount Count(ReadOnlySpan<byte> jsonBody, long mostBytes, long mostTokens = long.MaxValue)
    {
        var json = new Utf8JsonReader(jsonBody, new JsonReaderOptions { MaxDepth = MaxDepth });
        var tally = new PromptTally(tokens, mostBytes, mostTokens);
        tally.Add(TokensOfAnswer);
        json.Read();
        while (!tally.IsOver && json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            var list = json.ValueTextEquals("messages"u8) || json.ValueTextEquals("input"u8);
            var tools = json.ValueTextEquals("tools"u8) || json.ValueTextEquals("functions"u8);
            var counts = list || tools || json.ValueTextEquals("prompt"u8) || json.ValueTextEquals("system"u8) || json.ValueTextEquals("instructions"u8)
                || json.ValueTextEquals("query"u8) || json.ValueTextEquals("documents"u8);
            json.Read();
            if (counts)
            {
                Member(ref json, ref tally, list, hasMedia: !tools);
            }
            else
            {
                json.Skip();
            }
        }

        return tally.Count;
    }

    /// <summary>Names, strings and numbers of a value; a number is one token, as in a prompt that is given in tokens.</summary>
    private static void Member(ref Utf8JsonReader json, ref PromptTally tally, bool list, bool hasMedia)
    {
        var (top, media) = (json.CurrentDepth, new MediaFinder());
        do
        {
            switch (json.TokenType)
            {
                case JsonTokenType.StartObject when list && json.CurrentDepth == top + 1:
                    tally.Add(TokensPerMessage);
                    break;
                case JsonTokenType.PropertyName:
                    media.Enter(json);
                    tally.AddText(json);
                    break;
                case JsonTokenType.String:
                    if (!hasMedia || !media.Holds(json))
                    {
                        tally.AddText(json);
                    }

                    break;
                case JsonTokenType.Number:
                    tally.Add(1);
                    break;
            }
        }
        while (!tally.IsOver && (json.CurrentDepth > top || json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) && json.Read());
    }
}
