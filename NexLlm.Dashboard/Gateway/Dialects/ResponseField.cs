namespace NexLlm.Dashboard.Gateway.Dialects;

/// <summary>What a member's name means in an answer.</summary>
internal enum ResponseField : byte
{
    Other,
    Type,
    Usage,

    /// <summary>Whose strings are text that the model made.</summary>
    Text,

    /// <summary>Text by one of two names; some servers send it by both.</summary>
    Reasoning,

    /// <summary>Text, or the list of those who have it.</summary>
    Content,

    /// <summary>Text, or what a tool is called with, in JSON.</summary>
    Input,
    Delta,
    Choices,
    Output,
    ContentBlock,

    /// <summary>The answer as such, in an event that brings it.</summary>
    Whole,

    /// <summary>Repeats text that stands elsewhere, or tells of it.</summary>
    Aside,

    /// <summary>An object that a server adds of its own.</summary>
    Extra,
    InputTokens,
    OutputTokens,
    TotalTokens,
    CacheCreation,
    CacheRead,

    /// <summary>How long a recording is, beside the tokens or in their place.</summary>
    Seconds,
    Duration,
}

/// <summary>The names that all dialects share.</summary>
internal static class ResponseFields
{
    public static ResponseField Find(ReadOnlySpan<byte> name) => name.Length switch
    {
        4 => name.SequenceEqual("type"u8) ? ResponseField.Type
            : name.SequenceEqual("text"u8) || name.SequenceEqual("name"u8) || name.SequenceEqual("code"u8) ? ResponseField.Text
            : ResponseField.Other,
        5 => name.SequenceEqual("usage"u8) ? ResponseField.Usage
            : name.SequenceEqual("delta"u8) ? ResponseField.Delta
            : name.SequenceEqual("input"u8) ? ResponseField.Input
            : name.SequenceEqual("audio"u8) ? ResponseField.Aside
            : ResponseField.Other,
        6 => name.SequenceEqual("output"u8) ? ResponseField.Output
            : name.SequenceEqual("x_groq"u8) ? ResponseField.Extra
            : ResponseField.Other,
        7 => name.SequenceEqual("content"u8) ? ResponseField.Content
            : name.SequenceEqual("choices"u8) ? ResponseField.Choices
            : name.SequenceEqual("refusal"u8) ? ResponseField.Text
            : ResponseField.Other,
        8 => name.SequenceEqual("response"u8) ? ResponseField.Whole
            : name.SequenceEqual("thinking"u8) ? ResponseField.Text
            : name.SequenceEqual("logprobs"u8) ? ResponseField.Aside
            : ResponseField.Other,
        9 => name.SequenceEqual("arguments"u8) ? ResponseField.Text
            : name.SequenceEqual("reasoning"u8) ? ResponseField.Reasoning
            : name.SequenceEqual("citations"u8) ? ResponseField.Aside
            : ResponseField.Other,
        11 => name.SequenceEqual("annotations"u8) ? ResponseField.Aside : ResponseField.Other,
        12 => name.SequenceEqual("partial_json"u8) ? ResponseField.Text
            : name.SequenceEqual("total_tokens"u8) ? ResponseField.TotalTokens
            : ResponseField.Other,
        13 => name.SequenceEqual("content_block"u8) ? ResponseField.ContentBlock
            : ResponseField.Other,
        17 => name.SequenceEqual("reasoning_content"u8) ? ResponseField.Reasoning
            : name.SequenceEqual("reasoning_details"u8) ? ResponseField.Aside
            : ResponseField.Other,
        _ => ResponseField.Other,
    };
}
