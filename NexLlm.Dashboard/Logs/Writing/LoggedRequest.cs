using System.Net;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Logs.Writing;

/// <summary>A completed request.</summary>
public readonly record struct LoggedRequest
{
    /// <summary>From <see cref="RequestNumbers"/>; encodes the time of arrival.</summary>
    public required long Number { get; init; }

    /// <summary>The <c>x-request-id</c> of its response, derived from the number.</summary>
    public required string RequestId { get; init; }

    public long? AccountId { get; init; }

    /// <summary>Null if its credential belongs to no key.</summary>
    public long? KeyId { get; init; }

    public long? GroupId { get; init; }

    /// <summary>The channel called last; null if none was.</summary>
    public long? ChannelId { get; init; }

    /// <summary>The model name sent by the client; null if unknown.</summary>
    public string? Model { get; init; }

    /// <summary>Null for non-generating requests.</summary>
    public UpstreamApi? Api { get; init; }

    /// <summary>The HTTP status that describes how it ended, even if another was sent before it failed.</summary>
    public required int Status { get; init; }

    /// <summary>The code of NexLLM's rejection; null if the response was passed on.</summary>
    public string? Code { get; init; }

    public long InputTokens { get; init; }

    public long OutputTokens { get; init; }

    public long ChargedTokens { get; init; }

    public UsageSource Source { get; init; }

    /// <summary>The time until the first byte was sent to the client; null if none was.</summary>
    public TimeSpan? FirstByte { get; init; }

    public TimeSpan Duration { get; init; }

    public IPAddress? Address { get; init; }

    /// <summary>The tokens a rejected request would have reserved, before the group's ratio; null if that was not computed.</summary>
    public long? NeededTokens { get; init; }

    /// <summary>Null if nothing was charged.</summary>
    public long? ChargeId { get; init; }

    internal DateTimeOffset At => RequestNumber.At(Number);

    internal LogRow ToRow() => new(
        Number, RequestId, AccountId, KeyId, GroupId, ChannelId, Model, (long?)Api, Status, Code, InputTokens, OutputTokens, ChargedTokens,
        (int)Source, (long?)FirstByte?.TotalMilliseconds, (long)Duration.TotalMilliseconds, Address, Requests: 1, ChargeId,
        NeededTokens);
}
