namespace NexLlm.Dashboard.Gateway.Media;

/// <summary>What a request for images, audio or judgements is measured by.</summary>
internal sealed record MediaRequest
{
    /// <summary>Null if the body is JSON.</summary>
    public MultipartForm? Form { get; init; }

    /// <summary>How many images are asked for; 1 elsewhere.</summary>
    public long Answers { get; init; } = 1;

    /// <summary>UTF-16 code units of the text that is spoken or judged.</summary>
    public long Characters { get; init; }

    /// <summary>At least as many as the tokens of all text that is sent, counted as often as the model reads it.</summary>
    public long TextBytes { get; init; }

    /// <summary>How many images are sent.</summary>
    public int Images { get; init; }

    /// <summary>Of the recordings that are sent.</summary>
    public long AudioBytes { get; init; }

    /// <summary>The longest that the recordings can last; null if that is not known, or not asked yet.</summary>
    public long? MostSeconds { get; init; }

    /// <summary>Whether there is something whose size is not in the body, such as a recording at an address.</summary>
    public bool HasUnknownPart { get; init; }

    /// <summary>Texts that the model reads one after the other, each in a context window of its own.</summary>
    public long Texts { get; init; } = 1;
}
