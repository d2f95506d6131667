namespace NexLlm.Dashboard.Channels;

/// <summary>The APIs that providers offer. The request log stores the numbers, so append new values at the end.</summary>
public enum UpstreamApi
{
    ChatCompletions,
    Completions,
    Embeddings,
    Responses,
    Messages,
    CountTokens,
    ImageGenerations,
    ImageEdits,
    Speech,
    Transcriptions,
    Translations,
    Moderations,

    /// <summary>In the format of Jina, Cohere and vLLM; OpenAI has no such API.</summary>
    Rerank,
}

internal static class UpstreamApis
{
    public static IReadOnlyList<UpstreamApi> All { get; } = Enum.GetValues<UpstreamApi>();

    /// <summary>The APIs that the built-in channel can answer meaningfully.</summary>
    private static readonly UpstreamApi[] _echo =
    [
        UpstreamApi.ChatCompletions, UpstreamApi.Completions, UpstreamApi.Embeddings, UpstreamApi.Responses, UpstreamApi.Messages, UpstreamApi.CountTokens,
    ];

    private static readonly UpstreamApi[] _openAI = [.. All.Where(api => !api.IsAnthropic() && api is not UpstreamApi.Rerank)];

    private static readonly UpstreamApi[] _anthropic = [.. All.Where(IsAnthropic)];

    /// <summary>The path below the base URL.</summary>
    public static string Path(this UpstreamApi api) => api switch
    {
        UpstreamApi.ChatCompletions => "/chat/completions",
        UpstreamApi.Completions => "/completions",
        UpstreamApi.Embeddings => "/embeddings",
        UpstreamApi.Responses => "/responses",
        UpstreamApi.Messages => "/messages",
        UpstreamApi.CountTokens => "/messages/count_tokens",
        UpstreamApi.ImageGenerations => "/images/generations",
        UpstreamApi.ImageEdits => "/images/edits",
        UpstreamApi.Speech => "/audio/speech",
        UpstreamApi.Transcriptions => "/audio/transcriptions",
        UpstreamApi.Translations => "/audio/translations",
        UpstreamApi.Moderations => "/moderations",
        UpstreamApi.Rerank => "/rerank",
    };

    /// <summary>Whether the API is Anthropic's, with Anthropic's headers and error format.</summary>
    public static bool IsAnthropic(this UpstreamApi api) => api is UpstreamApi.Messages or UpstreamApi.CountTokens;

    /// <summary>Whether responses can be anything other than JSON or events: images, audio or plain-text transcripts.</summary>
    public static bool MakesFiles(this UpstreamApi api) => api is UpstreamApi.ImageGenerations or UpstreamApi.ImageEdits
        or UpstreamApi.Speech or UpstreamApi.Transcriptions or UpstreamApi.Translations;

    /// <summary>The APIs of a channel unless others are chosen.</summary>
    public static IReadOnlyList<UpstreamApi> DefaultApis(this ChannelType type) => type switch
    {
        ChannelType.Echo => _echo,
        ChannelType.OpenAI => _openAI,
        ChannelType.Anthropic => _anthropic,
    };
}
