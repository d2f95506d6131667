using System.Net;

namespace NexLlm.Dashboard.Data;

// The request log's rows in plain values, which only the log interprets.

/// <param name="Id">Increases with time.</param>
/// <param name="Status">0 if unknown.</param>
/// <param name="Requests">The number of requests this line represents.</param>
/// <param name="NeededTokens">The tokens a rejected request would have reserved, before the group's ratio.</param>
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
    /// <summary>How far beyond its intended ID a line may be stored and is searched for.</summary>
    public const int Reach = 4_096;
}

internal enum LogOrder
{
    NewestFirst,
    OldestFirst,
}

/// <summary>The primary key of the rejections roll-up. 0 is an unknown account or key.</summary>
/// <param name="Quarter">The start of a quarter-hour, in Unix milliseconds.</param>
internal readonly record struct RefusalKey(long Quarter, long AccountId, long KeyId, string Code);

/// <summary>The name of a batch, which each attempt to write it repeats.</summary>
/// <param name="Writer">The writer, of one process.</param>
/// <param name="Number">Increases from batch to batch. A writer writes no other batch before it knows that one to be stored.</param>
internal readonly record struct LogBatchName(Guid Writer, long Number);
