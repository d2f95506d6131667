namespace NexLlm.Dashboard.Gateway.UpstreamResponses;

/// <summary>What the body of an upstream's answer is, judged by its content. The content types of upstreams are often wrong.</summary>
[Flags]
internal enum ResponseKind
{
    /// <summary>More of the body is needed to tell.</summary>
    Undecided = 0,

    Empty = 1,
    Json = 2,

    /// <summary>Server-sent events.</summary>
    Events = 4,

    /// <summary>An error instead of an answer: JSON, or the first event of a stream.</summary>
    Error = 8,

    /// <summary>HTML or XML: the page of a proxy, or of a website at the wrong address.</summary>
    Page = 16,

    /// <summary>Neither of these, where an API may answer with anything: audio, or plain text.</summary>
    Media = 32,

    /// <summary>Neither of these, where an API answers with JSON or events only.</summary>
    Other = 64,

    /// <summary>It broke off before it could be told, or fell silent.</summary>
    CutShort = 128,

    /// <summary>Not looked at, because the status says enough.</summary>
    Unread = 256,

    Any = 511,
}
