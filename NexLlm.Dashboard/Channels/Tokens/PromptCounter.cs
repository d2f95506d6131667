using System.Text.Json;

namespace NexLlm.Dashboard.Channels.Tokens;

/// <summary>
/// Counts the tokens of a prompt as documented by OpenAI: all text visible to the model, plus 3 tokens per message and 3 that start the
/// response. Images and other media in the body aren't counted.
/// </summary>
/// <remarks>The count never exceeds the body's size in bytes without media, which therefore serves as the cheap upper bound.</remarks>
public sealed class PromptCounter(TokenCounter tokens)
{
    private const int TokensPerMessage = 3;
    private const int TokensOfAnswer = 3;

    // The maximum nesting depth of a body; the gateway's own parser is stricter.
    private const int MaxDepth = 512;

    /// <param name="jsonBody">A JSON object.</param>
    /// <exception cref="JsonException">The body isn't a JSON object.</exception>
    public int Count(ReadOnlySpan<byte> jsonBody) => (int)Count(jsonBody, long.MaxValue).Tokens;

    /// <summary>Counts within limits. Counting 4 MB of text takes about a second; measuring is almost free.</summary>
    /// <param name="jsonBody">A JSON object.</param>
    /// <param name="mostBytes">Text beyond this many bytes is measured, not counted.</param>
    /// <param name="mostTokens">Counting stops once this number is certainly exceeded.</param>
    /// <exception cref="JsonException">The body isn't a JSON object.</exception>
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

    /// <summary>Adds the names, strings and numbers of a value. A number counts as one token, as in prompts given as token arrays.</summary>
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
