using NexLlm.Dashboard.Paging;

namespace NexLlm.Dashboard.Audit;

/// <summary>Search criteria for recorded events. Null criteria are ignored; results are newest first.</summary>
/// <param name="Actions">Only these actions of <see cref="AuditActions"/>.</param>
/// <param name="AccountId">Only events this account is involved in.</param>
/// <param name="Part">How the account is involved.</param>
/// <param name="KeyId">Only events of this key.</param>
/// <param name="From">The start of the period, inclusive.</param>
/// <param name="To">The end of the period, exclusive.</param>
/// <param name="Cursor">The start of the page; null for the first page.</param>
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

/// <summary>How an account is involved in an event.</summary>
public enum AccountPart
{
    /// <summary>Either of the two below.</summary>
    Any,

    /// <summary>The account performed the action.</summary>
    Actor,

    /// <summary>The event affected the account or one of its keys.</summary>
    Subject,
}
