using System.Net;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Logs;

/// <summary>Which requests somebody looks for; null does not ask.</summary>
/// <param name="From">The first instant; 24 hours before now if null.</param>
/// <param name="To">The first instant that is too late.</param>
/// <param name="AccountId">For administrators; everybody else sees their own.</param>
/// <param name="RequestId">An <c>x-request-id</c>, which finds its line whatever else is asked.</param>
/// <param name="Before">Where an older page begins: <see cref="LogPage.Next"/> of the one before.</param>
/// <param name="After">Where a newer page ends: <see cref="LogPage.Previous"/> of the one behind it; 0 is the page of the oldest lines.</param>
/// <param name="Status">The HTTP status by which they ended.</param>
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

    /// <summary>Refused, failed, or left by its client.</summary>
    Failed,
}

/// <summary>A page of lines, newest first.</summary>
/// <param name="Next">Where the page of older lines begins; null if there are none.</param>
/// <param name="Previous">Where the page of newer lines ends; null if this is the first page.</param>
/// <param name="SearchedTo">Set if the search took its time and stopped here, before the page was full: there may be more.</param>
/// <param name="OfEverybody">Whether others' requests are shown too.</param>
/// <param name="Account">The e-mail address of the only account that an administrator asked for.</param>
public sealed record LogPage(
    IReadOnlyList<LogEntry> Lines, long? Next, long? Previous, DateTimeOffset? SearchedTo, bool OfEverybody, string? Account = null);

/// <summary>Lines that were just written, newest first.</summary>
/// <param name="IsGap">More came than these: between them and older ones some are left out.</param>
public sealed record LogUpdate(IReadOnlyList<LogEntry> Lines, bool IsGap);

/// <summary>A part of an export.</summary>
/// <param name="Made">What became of its lines.</param>
/// <param name="BackTo">Everything since then is exported.</param>
public readonly record struct LogExportPart<T>(T Made, DateTimeOffset BackTo);

/// <summary>A line of the log as pages see it.</summary>
/// <param name="Id">Its place in the order.</param>
/// <param name="At">When the request came.</param>
/// <param name="Account">The e-mail address, for administrators only.</param>
/// <param name="KeyId">Null if its credential belongs to no key.</param>
/// <param name="IsKeyDeleted">So that nothing leads to a page that is gone.</param>
/// <param name="Channel">For administrators only; null if none was called.</param>
/// <param name="Api">Null where nothing generates, and where it is not known.</param>
/// <param name="Status">The HTTP status by which it ended; null of a request whose process ended before it.</param>
/// <param name="Code">The code of our refusal.</param>
/// <param name="FirstByte">Until the first byte of an answer left; null if none did.</param>
/// <param name="Requests">How many requests the line counts: more than one where refusals flooded.</param>
/// <param name="NeededTokens">What a refused request would have reserved, before the group's ratio; null where that was not asked.</param>
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
    /// <summary>What a client is said to have done that closed the connection before its answer was complete.</summary>
    public const int ClientLeft = 499;
}

/// <summary>How many requests were refused for one reason.</summary>
/// <param name="Code">The refusal's code.</param>
public sealed record RefusalCount(string Code, long Requests);

/// <summary>An address that a key was used from.</summary>
/// <param name="At">The last time.</param>
public sealed record SeenAddress(IPAddress Address, DateTimeOffset At);
