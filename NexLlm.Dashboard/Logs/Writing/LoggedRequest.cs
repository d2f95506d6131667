using System.Net;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Logs.Writing;

/// <summary>One request, as it ended.</summary>
public readonly record struct LoggedRequest
{
    /// <summary>Of <see cref="RequestNumbers"/>: says when the request came.</summary>
    public required long Number { get; init; }

    /// <summary>The <c>x-request-id</c> of its answer, made from the number.</summary>
    public required string RequestId { get; init; }

    public long? AccountId { get; init; }

    /// <summary>Null if its credential belongs to no key.</summary>
    public long? KeyId { get; init; }

    public long? GroupId { get; init; }

    /// <summary>The last channel that was called; null if none was.</summary>
    public long? ChannelId { get; init; }

    /// <summary>As the client named it; null if it is not known.</summary>
    public string? Model { get; init; }

    /// <summary>Null where nothing generates.</summary>
    public UpstreamApi? Api { get; init; }

    /// <summary>The HTTP status that says how it ended, also where another had been sent before it broke.</summary>
    public required int Status { get; init; }

    /// <summary>The code of our refusal; null if the answer was passed on.</summary>
    public string? Code { get; init; }

    public long InputTokens { get; init; }

    public long OutputTokens { get; init; }

    public long ChargedTokens { get; init; }

    public UsageSource Source { get; init; }

    /// <summary>Until the first byte of an answer left for the client; null if none did.</summary>
    public TimeSpan? FirstByte { get; init; }

    public TimeSpan Duration { get; init; }

    public IPAddress? Address { get; init; }

    /// <summary>What it would have reserved, had it not been refused, before the group's ratio; null where that was not asked.</summary>
    public long? NeededTokens { get; init; }

    /// <summary>Null if nothing was charged.</summary>
    public long? ChargeId { get; init; }

    internal DateTimeOffset At => RequestNumber.At(Number);

    internal LogRow ToRow() => new(
        Number, RequestId, AccountId, KeyId, GroupId, ChannelId, Model, (long?)Api, Status, Code, InputTokens, OutputTokens, ChargedTokens,
        (int)Source, (long?)FirstByte?.TotalMilliseconds, (long)Duration.TotalMilliseconds, Address, Requests: 1, ChargeId,
        NeededTokens);
}
