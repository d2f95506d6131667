namespace NexLlm.Dashboard.Gateway.Dialects;

/// <summary>What the gateway does with a top-level field of a request.</summary>
internal enum FieldRule : byte
{
    /// <summary>Passes through as it is.</summary>
    PassThrough,
    Model,
    Stream,
    StreamOptions,

    /// <summary>How many responses are asked for.</summary>
    N,
    BestOf,
    MaxTokens,
    MaxCompletionTokens,
    MaxOutputTokens,
    Store,

    /// <summary>Refers to state kept at the provider: rejected unless it is empty.</summary>
    ProviderState,

    /// <summary>One prompt, or a list of them.</summary>
    Prompts,

    /// <summary>The items of a conversation, as the Responses API has them.</summary>
    Items,
    Messages,
    System,
    Tools,
    Format,

    /// <summary>The client's own JSON.</summary>
    Free,
    Steering,
    ProviderTools,
}
