using System.Net;

namespace NexLlm.Dashboard.Data;

// What the request log writes and reads, as plain values: what they mean is the log's business.

/// <param name="Id">Goes up with time.</param>
/// <param name="Status">0 if nobody knows.</param>
/// <param name="Requests">How many requests the line stands for.</param>
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

/// <summary>Which row of the refusals' roll-up. 0 stands for an account or key that is not known.</summary>
/// <param name="Quarter">The beginning of a quarter of an hour, in Unix milliseconds.</param>
internal readonly record struct RefusalKey(long Quarter, long AccountId, long KeyId, string Code);

/// <summary>Which lines are looked for; null does not ask. A key is found by the index of its account, so name that too.</summary>
/// <param name="IsFailed">Whether the status is an error's.</param>
internal sealed record LogFilter(
    long? AccountId = null, long? KeyId = null, long? GroupId = null, string? Model = null, string? Code = null, bool? IsFailed = null,
    int? Status = null)
{
    /// <summary>The status from which on a request failed.</summary>
    public const int FirstFailure = 400;

    /// <summary>Nothing that was answered is looked for.</summary>
    public bool IsOfFailures => IsFailed is true || Status >= FirstFailure;

    /// <summary>Says of a line in memory what the SQL says of one in the file.</summary>
    public bool Matches(in LogRow row) =>
        (AccountId is null || row.AccountId == AccountId)
        && (KeyId is null || row.KeyId == KeyId)
        && (GroupId is null || row.GroupId == GroupId)
        && (Model is null || row.Model == Model)
        && (Code is null || row.Code == Code)
        && (Status is null || row.Status == Status)
        && (IsFailed is not { } failed || failed == row.Status >= FirstFailure);
}
