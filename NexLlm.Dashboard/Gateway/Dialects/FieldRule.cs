namespace NexLlm.Dashboard.Gateway.Dialects;

/// <summary>How the gateway handles a top-level request field.</summary>
internal enum FieldRule : byte
{
    /// <summary>Passes through unchanged.</summary>
    PassThrough,
    Model,
    Stream,
    StreamOptions,

    /// <summary>The number of responses requested.</summary>
    N,
    BestOf,
    MaxTokens,
    MaxCompletionTokens,
    MaxOutputTokens,
    Store,

    /// <summary>Refers to state stored at the provider; rejected unless empty.</summary>
    ProviderState,

    /// <summary>A prompt or a list of prompts.</summary>
    Prompts,

    /// <summary>Conversation items of the Responses API.</summary>
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
