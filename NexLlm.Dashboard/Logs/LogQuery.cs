using System.Net;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Logs;

/// <summary>The filter of a log search; null properties don't filter.</summary>
/// <param name="From">The first instant; 24 hours ago if null.</param>
/// <param name="To">The exclusive end.</param>
/// <param name="AccountId">For administrators; all others see only their own account.</param>
/// <param name="RequestId">An <c>x-request-id</c>, which finds its line regardless of the other filters.</param>
/// <param name="Before">The start of an older page: <see cref="LogPage.Next"/> of the previous one.</param>
/// <param name="After">The end of a newer page: <see cref="LogPage.Previous"/> of the following one; 0 is the page of the oldest lines.</param>
/// <param name="Status">The final HTTP status.</param>
public sealed record LogQuery(
    DateTimeOffset? From = null,
    DateTimeOffset? To = null,
    long? AccountId = null,
    long? KeyId = null,
    string? Model = null,
    long? GroupId = null,
    LogOutcome? Outcome = null,
    string? Code = null,
    string? RequestId = null,
    long? Before = null,
    long? After = null,
    int? Status = null)
{
    public const int PageSize = 50;

    public static TimeSpan DefaultRange { get; } = TimeSpan.FromHours(24);
}

/// <summary>How a request ended.</summary>
public enum LogOutcome
{
    Answered,

    /// <summary>Rejected, failed, or abandoned by the client.</summary>
    Failed,
}

/// <summary>A page of lines, newest first.</summary>
/// <param name="Next">The start of the page of older lines; null if there are none.</param>
/// <param name="Previous">The end of the page of newer lines; null if this is the first page.</param>
/// <param name="SearchedTo">Set if the search hit its time limit here before the page was full, so that there may be more.</param>
/// <param name="OfEverybody">Whether other accounts' requests are included.</param>
/// <param name="Account">The email of the only account requested by an administrator.</param>
public sealed record LogPage(
    IReadOnlyList<LogEntry> Lines, long? Next, long? Previous, DateTimeOffset? SearchedTo, bool OfEverybody, string? Account = null);

/// <summary>Newly written lines, newest first.</summary>
/// <param name="IsGap">Whether lines between these and older ones were omitted.</param>
public sealed record LogUpdate(IReadOnlyList<LogEntry> Lines, bool IsGap);

/// <summary>A part of an export.</summary>
/// <param name="Made">The result for its lines.</param>
/// <param name="BackTo">Everything from this instant on has been exported.</param>
public readonly record struct LogExportPart<T>(T Made, DateTimeOffset BackTo);

/// <summary>A log line as pages see it.</summary>
/// <param name="Id">Its position in the log.</param>
/// <param name="At">When the request arrived.</param>
/// <param name="Account">The email, for administrators only.</param>
/// <param name="KeyId">Null if its credential belongs to no key.</param>
/// <param name="IsKeyDeleted">Whether the key is deleted, so that no link to its page is shown.</param>
/// <param name="Channel">For administrators only; null if none was called.</param>
/// <param name="Api">Null for non-generating requests, and if unknown.</param>
/// <param name="Status">The final HTTP status; null if the process ended before the request.</param>
/// <param name="Code">The error code of NexLLM's rejection.</param>
/// <param name="FirstByte">The time until the first byte was sent; null if none was.</param>
/// <param name="Requests">The number of requests the line counts; more than one during a flood of rejections.</param>
/// <param name="NeededTokens">The tokens a rejected request would have reserved, before the group's ratio; null if that was not computed.</param>
public sealed record LogEntry(
    long Id,
    DateTimeOffset At,
    string RequestId,
    string? Account,
    long? KeyId,
    string? KeyName,
    bool IsKeyDeleted,
    string? Group,
    string? Channel,
    string? Model,
    UpstreamApi? Api,
    int? Status,
    string? Code,
    long InputTokens,
    long OutputTokens,
    long ChargedTokens,
    UsageSource Source,
    TimeSpan? FirstByte,
    TimeSpan Duration,
    IPAddress? Address,
    long Requests,
    long? NeededTokens)
{
    /// <summary>The conventional status of a request whose client closed the connection before the response was complete.</summary>
    public const int ClientLeft = 499;
}

/// <summary>The number of rejections with one error code.</summary>
/// <param name="Code">The error code.</param>
public sealed record RefusalCount(string Code, long Requests);

/// <summary>An IP address a key was used from.</summary>
/// <param name="At">The time of its last use.</param>
public sealed record SeenAddress(IPAddress Address, DateTimeOffset At);
