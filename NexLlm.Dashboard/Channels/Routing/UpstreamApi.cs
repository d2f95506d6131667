namespace NexLlm.Dashboard.Channels.Routing;

/// <summary>The dialects that an upstream may speak, one an address.</summary>
public enum UpstreamApi
{
    ChatCompletions,
    Completions,
    Embeddings,
    Responses,
    Messages,
}
