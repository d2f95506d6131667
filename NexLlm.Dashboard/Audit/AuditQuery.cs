using NexLlm.Dashboard.Paging;

namespace NexLlm.Dashboard.Audit;

/// <summary>What is looked for among the recorded events. What is null does not matter; the newest come first.</summary>
/// <param name="Actions">Only these, of <see cref="AuditActions"/>.</param>
/// <param name="AccountId">Only what this account did, or what happened to it and its keys.</param>
/// <param name="KeyId">Only what happened to this key.</param>
/// <param name="From">The first instant.</param>
/// <param name="To">The first instant after it.</param>
/// <param name="Cursor">Where the page begins; null is the first page.</param>
/// <param name="PageSize">1 to 100.</param>
public sealed record AuditQuery(
    IReadOnlyCollection<string>? Actions = null,
    long? AccountId = null,
    long? KeyId = null,
    DateTimeOffset? From = null,
    DateTimeOffset? To = null,
    PageCursor? Cursor = null,
    int PageSize = 50);
