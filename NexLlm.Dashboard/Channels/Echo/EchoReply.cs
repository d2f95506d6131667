namespace NexLlm.Dashboard.Channels.Echo;

/// <summary>What is answered, before an API gives it its shape.</summary>
/// <param name="Id">Without an API's prefix.</param>
/// <param name="Created">Unix seconds.</param>
/// <param name="Texts">One for each answer that was asked for.</param>
/// <param name="IncludesUsage">The client asked for usage in the stream.</param>
internal sealed record EchoReply(string Id, string Model, long Created, int PromptTokens, IReadOnlyList<EchoText> Texts, bool IncludesUsage)
{
    public int OutputTokens => Texts.Sum(t => t.Tokens);

    /// <summary>The usage in the words of chat and text completions.</summary>
    public object CompletionUsage => new { PromptTokens, CompletionTokens = OutputTokens, TotalTokens = PromptTokens + OutputTokens };
}

/// <param name="IsCut">The cap ended it.</param>
internal sealed record EchoText(string Text, int Tokens, bool IsCut)
{
    public string FinishReason => IsCut ? "length" : "stop";

    /// <summary>The text in the parts it is streamed in: words, each with the white space that follows it.</summary>
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
