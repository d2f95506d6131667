namespace NexLlm.Dashboard.Channels.Tokens;

/// <summary>The token count of a prompt, which may be partial.</summary>
/// <param name="Tokens">The tokens of the counted text, the messages and the numbers.</param>
/// <param name="CountedBytes">The size of the counted text, in bytes of JSON.</param>
/// <param name="OtherBytes">The size of the text that was only measured, in bytes of JSON.</param>
public readonly record struct PromptCount(long Tokens, long CountedBytes, long OtherBytes)
{
    /// <summary>A typical ratio for prompt text.</summary>
    private const int BytesPerToken = 4;

    /// <summary>The upper bound: a token has at least one byte of text.</summary>
    public long AtMost => Tokens + OtherBytes;

    /// <summary>
    /// The lower bound: a token has at most <see cref="TokenCounter.LongestToken"/>
    /// bytes of text, and escaping multiplies its size by at most six.
    /// </summary>
    public long AtLeast => Tokens + (OtherBytes / (6 * TokenCounter.LongestToken));

    /// <summary>Extrapolates the counted text to the rest.</summary>
    public long Estimate => Tokens + (long)((Int128)OtherBytes * (CountedBytes == 0 ? 1 : Tokens) / (CountedBytes == 0 ? BytesPerToken : CountedBytes));
}
