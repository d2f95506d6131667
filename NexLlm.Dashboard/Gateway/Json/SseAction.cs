namespace NexLlm.Dashboard.Gateway.Json;

/// <summary>What is to be done with an event of a stream.</summary>
public enum SseAction
{
    /// <summary>There is no complete event yet.</summary>
    Incomplete,

    /// <summary>It goes to the client as it is.</summary>
    Pass,

    /// <summary>The usage that only the gateway asked for: the client never sees it.</summary>
    Drop,

    /// <summary>The client sees it without <see cref="ResponseReader.UsageAt"/>, for the same reason.</summary>
    Trim,

    /// <summary>It ends the stream, so it goes to the client once the charge is settled.</summary>
    Final,

    /// <summary>The event is longer than <see cref="ResponseReader.LongestEvent"/>: the stream is given up.</summary>
    TooLarge,
}
