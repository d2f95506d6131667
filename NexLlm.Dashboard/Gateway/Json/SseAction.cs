namespace NexLlm.Dashboard.Gateway.Json;

/// <summary>How to handle a stream event.</summary>
public enum SseAction
{
    /// <summary>No complete event is available yet.</summary>
    Incomplete,

    /// <summary>Goes to the client unchanged.</summary>
    Pass,

    /// <summary>Usage that only the gateway requested; not sent to the client.</summary>
    Drop,

    /// <summary>Sent to the client without <see cref="ResponseReader.UsageAt"/>, for the same reason.</summary>
    Trim,

    /// <summary>Ends the stream, so it is sent to the client once the charge is settled.</summary>
    Final,

    /// <summary>Exceeds <see cref="ResponseReader.LongestEvent"/>; the stream is aborted.</summary>
    TooLarge,
}
