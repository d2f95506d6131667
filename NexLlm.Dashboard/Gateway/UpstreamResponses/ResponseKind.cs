namespace NexLlm.Dashboard.Gateway.UpstreamResponses;

/// <summary>The kind of a provider's response body, judged by its content, because providers' content types are often wrong.</summary>
[Flags]
internal enum ResponseKind
{
    /// <summary>More of the body is needed.</summary>
    Undecided = 0,

    Empty = 1,
    Json = 2,

    /// <summary>Server-sent events.</summary>
    Events = 4,

    /// <summary>An error instead of an answer: JSON, or the first event of a stream.</summary>
    Error = 8,

    /// <summary>HTML or XML, such as the page of a proxy or of a website at a wrong URL.</summary>
    Page = 16,

    /// <summary>None of the above, from an API that may answer with audio or plain text.</summary>
    Media = 32,

    /// <summary>None of the above, from an API that answers only with JSON or events.</summary>
    Other = 64,

    /// <summary>It ended or went silent before it could be classified.</summary>
    CutShort = 128,

    /// <summary>Not examined, because the status is sufficient.</summary>
    Unread = 256,

    Any = 511,
}
