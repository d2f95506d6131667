namespace NexLlm.Dashboard.Gateway.Media;

/// <summary>The measurements of a request for images, audio or scores.</summary>
internal sealed record MediaRequest
{
    /// <summary>The form; null if the body is JSON.</summary>
    public MultipartForm? Form { get; init; }

    /// <summary>The number of images requested; 1 for other APIs.</summary>
    public long Answers { get; init; } = 1;

    /// <summary>The UTF-16 code units of the text to speak or score.</summary>
    public long Characters { get; init; }

    /// <summary>An upper bound of the tokens of all submitted text, counted each time the model reads it.</summary>
    public long TextBytes { get; init; }

    /// <summary>The number of submitted images.</summary>
    public int Images { get; init; }

    /// <summary>The bytes of the submitted recordings.</summary>
    public long AudioBytes { get; init; }

    /// <summary>The maximum length of the recordings in seconds; null if unknown or not determined yet.</summary>
    public long? MostSeconds { get; init; }

    /// <summary>Whether the request has a part whose size is not in the body, such as a recording referenced by URL.</summary>
    public bool HasUnknownPart { get; init; }

    /// <summary>The number of texts the model reads separately, each in its own context window.</summary>
    public long Texts { get; init; } = 1;
}
