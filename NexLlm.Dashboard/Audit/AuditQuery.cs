using NexLlm.Dashboard.Paging;

namespace NexLlm.Dashboard.Audit;

/// <summary>What is looked for among the recorded events. What is null does not matter; the newest come first.</summary>
/// <param name="Actions">Only these, of <see cref="AuditActions"/>.</param>
/// <param name="AccountId">Only what this account had a part in.</param>
/// <param name="Part">Which part that is.</param>
/// <param name="KeyId">Only what happened to this key.</param>
/// <param name="From">The first instant.</param>
/// <param name="To">The first instant after it.</param>
/// <param name="Cursor">Where the page begins; null is the first page.</param>
/// <param name="PageSize">1 to 100.</param>
public sealed record AuditQuery(
    IReadOnlyCollection<string>? Actions = null,
    long? AccountId = null,
    AccountPart Part = AccountPart.Any,
    long? KeyId = null,
    DateTimeOffset? From = null,
    DateTimeOffset? To = null,
    PageCursor? Cursor = null,
    int PageSize = 50);

/// <summary>The part that an account has in an event.</summary>
public enum AccountPart
{
    /// <summary>Either of the others.</summary>
    Any,

    /// <summary>It did it.</summary>
    Actor,

    /// <summary>It happened to the account, or to one of its keys.</summary>
    Subject,
}
