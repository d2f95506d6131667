namespace NexLlm.Dashboard.Channels.Tokens;

/// <summary>What was counted of a prompt.</summary>
/// <param name="Tokens">Of what was counted, of its messages and numbers.</param>
/// <param name="CountedBytes">The text that was counted, in bytes of JSON.</param>
/// <param name="OtherBytes">The text that was only measured.</param>
public readonly record struct PromptCount(long Tokens, long CountedBytes, long OtherBytes)
{
    /// <summary>What most text of a prompt comes to.</summary>
    private const int BytesPerToken = 4;

    /// <summary>A token is at least one byte of text.</summary>
    public long AtMost => Tokens + OtherBytes;

    /// <summary>No token of the vocabulary is longer than <see cref="TokenCounter.LongestToken"/> bytes of text, nor than six times as many escaped.</summary>
    public long AtLeast => Tokens + (OtherBytes / (6 * TokenCounter.LongestToken));

    /// <summary>As if the rest were like the part that was counted.</summary>
    public long Estimate => Tokens + (long)((Int128)OtherBytes * (CountedBytes == 0 ? 1 : Tokens) / (CountedBytes == 0 ? BytesPerToken : CountedBytes));
}
