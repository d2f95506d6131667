using NexLlm.Dashboard.Paging;

namespace NexLlm.Dashboard.Accounts.Administration;

/// <summary>An account as administrators see it.</summary>
public sealed record AccountDetails
{
    public required long Id { get; init; }

    public required string Email { get; init; }

    public required bool IsAdministrator { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was disabled; null while it is active.</summary>
    public required DateTimeOffset? DisabledAt { get; init; }

    /// <summary>The overall quota in charged tokens; null means unlimited.</summary>
    public required long? TokenLimit { get; init; }

    /// <summary>The used part of the quota.</summary>
    public required long UsedTokens { get; init; }

    /// <summary>When one of its sessions was last active, accurate to five minutes; null if it has never been used.</summary>
    public required DateTimeOffset? LastSeenAt { get; init; }

    /// <summary>The expiry of an unused password reset link; null or in the past if there is none.</summary>
    public DateTimeOffset? ResetLinkUntil { get; init; }

    /// <summary>Whether it has two-step verification or a passkey.</summary>
    public bool HasFactors { get; init; }

    public bool IsActive => DisabledAt is null;

    /// <summary>The key for sorting and searching.</summary>
    internal string EmailKey { get; init; } = "";
}

/// <summary>A query of the account list: search, filter, order and position.</summary>
/// <param name="Search">A part of the email.</param>
/// <param name="Filter">The filter chip.</param>
/// <param name="Sort">The column to sort by.</param>
/// <param name="Descending">Whether to reverse the order.</param>
/// <param name="Cursor">The start of the page; null for the first page.</param>
/// <param name="PageSize">1 to 100.</param>
public sealed record AccountQuery(
    string? Search = null,
    AccountFilter Filter = AccountFilter.All,
    AccountSort Sort = AccountSort.Email,
    bool Descending = false,
    PageCursor? Cursor = null,
    int PageSize = 25);

public enum AccountFilter
{
    All,
    Administrators,
    Disabled,

    /// <summary>Active, with no overall quota left.</summary>
    Exhausted,
}

/// <summary>The sortable columns. Accounts never seen sort as the least recent.</summary>
public enum AccountSort
{
    Email,
    Used,
    LastSeen,
    Created,
}

/// <summary>The number of accounts per filter chip for one search.</summary>
public sealed record AccountCounts(IReadOnlyDictionary<AccountFilter, int> ByFilter)
{
    public int this[AccountFilter filter] => ByFilter.GetValueOrDefault(filter);
}
