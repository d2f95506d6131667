namespace NexLlm.Dashboard.Channels.Routing;

/// <summary>The addresses below an upstream's <c>/v1</c> that requests are sent to.</summary>
public enum UpstreamApi
{
    ChatCompletions,
    Completions,
    Embeddings,
    Responses,
    Messages,
}

internal static class UpstreamApis
{
    public static IReadOnlyList<UpstreamApi> All { get; } = Enum.GetValues<UpstreamApi>();

    public static string Path(this UpstreamApi api) => api switch
    {
        UpstreamApi.ChatCompletions => "/chat/completions",
        UpstreamApi.Completions => "/completions",
        UpstreamApi.Embeddings => "/embeddings",
        UpstreamApi.Responses => "/responses",
        UpstreamApi.Messages => "/messages",
    };

    /// <summary>Nothing is translated from one provider's API to another's.</summary>
    public static bool Speaks(this ChannelType type, UpstreamApi api) => type switch
    {
        ChannelType.Echo => true,
        ChannelType.OpenAI => api is not UpstreamApi.Messages,
        ChannelType.Anthropic => api is UpstreamApi.Messages,
    };
}
