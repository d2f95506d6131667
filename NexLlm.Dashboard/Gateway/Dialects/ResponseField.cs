namespace NexLlm.Dashboard.Gateway.Dialects;

/// <summary>The meaning of a response field.</summary>
internal enum ResponseField : byte
{
    Other,
    Type,
    Usage,

    /// <summary>Its strings are generated text.</summary>
    Text,

    /// <summary>Reasoning text, which has two names; some servers send both.</summary>
    Reasoning,

    /// <summary>Text, or a list of objects containing text.</summary>
    Content,

    /// <summary>Text, or the JSON arguments of a tool call.</summary>
    Input,
    Delta,
    Choices,
    Output,
    ContentBlock,

    /// <summary>The complete response, in an event that contains it.</summary>
    Whole,

    /// <summary>Repeats or describes text that appears elsewhere.</summary>
    Aside,

    /// <summary>A server-specific extension object.</summary>
    Extra,
    InputTokens,
    OutputTokens,
    TotalTokens,
    CacheCreation,
    CacheRead,

    /// <summary>The length of a recording, in addition to its tokens or instead of them.</summary>
    Seconds,
    Duration,
}

/// <summary>The names shared by all dialects.</summary>
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
