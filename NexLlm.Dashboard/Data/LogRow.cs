using System.Net;

namespace NexLlm.Dashboard.Data;

// What the request log writes and reads, as plain values: what they mean is the log's business.

/// <param name="Id">Goes up with time.</param>
/// <param name="Status">0 if nobody knows.</param>
/// <param name="Requests">How many requests the line counts.</param>
/// <param name="NeededTokens">What a refused request would have reserved, before the group's ratio.</param>
internal readonly record struct LogRow(
    long Id,
    string RequestId,
    long? AccountId,
    long? KeyId,
    long? GroupId,
    long? ChannelId,
    string? Model,
    long? Api,
    int Status,
    string? Code,
    long InputTokens,
    long OutputTokens,
    long ChargedTokens,
    int Source,
    long? FirstByteMs,
    long DurationMs,
    IPAddress? Address,
    long Requests,
    long? ChargeId,
    long? NeededTokens = null)
{
    /// <summary>So far behind the id that it was meant for a line is looked for.</summary>
    public const int Reach = 4_096;
}

internal enum LogOrder
{
    NewestFirst,
    OldestFirst,
}

/// <summary>Which row of the refusals' roll-up. 0 is an unknown account or key.</summary>
/// <param name="Quarter">The beginning of a quarter of an hour, in Unix milliseconds.</param>
internal readonly record struct RefusalKey(long Quarter, long AccountId, long KeyId, string Code);
