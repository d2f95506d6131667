namespace NexLlm.Dashboard.Channels.Echo;

/// <summary>The content of a response, independent of the API's format.</summary>
/// <param name="Id">The response ID, without the API's prefix.</param>
/// <param name="Created">The creation time in Unix seconds.</param>
/// <param name="Texts">One text per requested choice.</param>
/// <param name="IncludesUsage">Whether the client asked for usage in the stream.</param>
internal sealed record EchoReply(string Id, string Model, long Created, int PromptTokens, IReadOnlyList<EchoText> Texts, bool IncludesUsage)
{
    public int OutputTokens => Texts.Sum(t => t.Tokens);

    /// <summary>The usage in the format of chat and text completions.</summary>
    public object CompletionUsage => new { PromptTokens, CompletionTokens = OutputTokens, TotalTokens = PromptTokens + OutputTokens };
}

/// <param name="IsCut">Whether the token limit truncated the text.</param>
internal sealed record EchoText(string Text, int Tokens, bool IsCut)
{
    public string FinishReason => IsCut ? "length" : "stop";

    /// <summary>The text split into streaming chunks: words with their trailing white space.</summary>
    public IEnumerable<string> Words()
    {
        var start = 0;
        for (var i = 1; i < Text.Length; i++)
        {
            if (char.IsWhiteSpace(Text[i - 1]) && !char.IsWhiteSpace(Text[i]))
            {
                yield return Text[start..i];
                start = i;
            }
        }

        if (start < Text.Length)
        {
            yield return Text[start..];
        }
    }
}
