using NexLlm.Dashboard.Channels.Routing;

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

internal static class ResponseFields
{
    public static ResponseField Find(UpstreamApi api, ReadOnlySpan<byte> name) => name.Length switch
    {
        4 => name.SequenceEqual("type"u8) ? ResponseField.Type
            : name.SequenceEqual("text"u8) || name.SequenceEqual("name"u8) || name.SequenceEqual("code"u8) ? ResponseField.Text
            : api is UpstreamApi.Rerank && name.SequenceEqual("meta"u8) ? ResponseField.Extra
            : ResponseField.Other,
        5 => name.SequenceEqual("usage"u8) ? ResponseField.Usage
            : name.SequenceEqual("delta"u8) ? ResponseField.Delta
            : name.SequenceEqual("input"u8) ? ResponseField.Input
            : name.SequenceEqual("audio"u8) ? ResponseField.Aside
            : ResponseField.Other,
        6 => name.SequenceEqual("output"u8) ? ResponseField.Output
            : name.SequenceEqual("x_groq"u8) ? ResponseField.Extra
            : api is UpstreamApi.Rerank && name.SequenceEqual("tokens"u8) ? ResponseField.Usage
            : ResponseField.Other,
        7 => name.SequenceEqual("content"u8) ? ResponseField.Content
            : name.SequenceEqual("choices"u8) ? ResponseField.Choices
            : name.SequenceEqual("message"u8) && api is UpstreamApi.Messages ? ResponseField.Whole
            : name.SequenceEqual("refusal"u8) ? ResponseField.Text
            : Hears(api) && name.SequenceEqual("seconds"u8) ? ResponseField.Seconds
            : ResponseField.Other,
        8 => name.SequenceEqual("response"u8) ? ResponseField.Whole
            : name.SequenceEqual("thinking"u8) ? ResponseField.Text
            : name.SequenceEqual("logprobs"u8) ? ResponseField.Aside
            : Hears(api) && name.SequenceEqual("duration"u8) ? ResponseField.Duration
            : ResponseField.Other,
        9 => name.SequenceEqual("arguments"u8) ? ResponseField.Text
            : name.SequenceEqual("reasoning"u8) ? ResponseField.Reasoning
            : name.SequenceEqual("citations"u8) ? ResponseField.Aside
            : ResponseField.Other,
        11 => name.SequenceEqual("annotations"u8) ? ResponseField.Aside : ResponseField.Other,
        12 => name.SequenceEqual("partial_json"u8) ? ResponseField.Text
            : name.SequenceEqual("total_tokens"u8) ? ResponseField.TotalTokens
            : SaysInput(api) && name.SequenceEqual("input_tokens"u8) ? ResponseField.InputTokens
            : ResponseField.Other,
        13 => name.SequenceEqual("content_block"u8) ? ResponseField.ContentBlock
            : SaysInput(api) && name.SequenceEqual("output_tokens"u8) ? ResponseField.OutputTokens
            : api is not (UpstreamApi.Responses or UpstreamApi.Messages) && name.SequenceEqual("prompt_tokens"u8) ? ResponseField.InputTokens
            : ResponseField.Other,
        17 => name.SequenceEqual("reasoning_content"u8) ? ResponseField.Reasoning
            : name.SequenceEqual("reasoning_details"u8) ? ResponseField.Aside
            : api is UpstreamApi.ChatCompletions or UpstreamApi.Completions && name.SequenceEqual("completion_tokens"u8) ? ResponseField.OutputTokens
            : ResponseField.Other,
        23 => api is UpstreamApi.Messages && name.SequenceEqual("cache_read_input_tokens"u8) ? ResponseField.CacheRead : ResponseField.Other,
        27 => api is UpstreamApi.Messages && name.SequenceEqual("cache_creation_input_tokens"u8) ? ResponseField.CacheCreation : ResponseField.Other,
        _ => ResponseField.Other,
    };

    /// <summary>Whether usage is told as <c>input_tokens</c> and <c>output_tokens</c>, and not as OpenAI's older APIs do.</summary>
    private static bool SaysInput(UpstreamApi api) =>
        api is not (UpstreamApi.ChatCompletions or UpstreamApi.Completions or UpstreamApi.Embeddings);

    private static bool Hears(UpstreamApi api) => api is UpstreamApi.Transcriptions or UpstreamApi.Translations;
}
