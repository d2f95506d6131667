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

    /// <summary>The overall quota in charged tokens; null is unlimited.</summary>
    public required long? TokenLimit { get; init; }

    /// <summary>What of it is used.</summary>
    public required long UsedTokens { get; init; }

    /// <summary>When one of its logins was last used, to five minutes; null if it never logged in.</summary>
    public required DateTimeOffset? LastSeenAt { get; init; }

    /// <summary>Until when a link to set a new password works that nobody has used yet; null, or long past, if there is none.</summary>
    public DateTimeOffset? ResetLinkUntil { get; init; }

    /// <summary>Whether it has two-step verification or a passkey.</summary>
    public bool HasFactors { get; init; }

    public bool IsActive => DisabledAt is null;

    /// <summary>What the list is sorted and searched by.</summary>
    internal string EmailKey { get; init; } = "";
}

/// <summary>What a list shows of all accounts: a search, a filter, an order and a place in it.</summary>
/// <param name="Search">A part of the e-mail address.</param>
/// <param name="Filter">The chip.</param>
/// <param name="Sort">The column.</param>
/// <param name="Descending">From the other end.</param>
/// <param name="Cursor">Where the page begins; null is the first page.</param>
/// <param name="PageSize">1 to 100.</param>
public sealed record AccountQuery(
    string? Search = null,
    AccountFilter Filter = AccountFilter.All,
    AccountSort Sort = AccountSort.Email,
    bool Descending = false,
    PageCursor? Cursor = null,
    int PageSize = 25);

/// <summary>The chips above the list.</summary>
public enum AccountFilter
{
    All,
    Administrators,
    Disabled,

    /// <summary>Active, and nothing of the overall quota is left.</summary>
    Exhausted,
}

/// <summary>The columns that the list can be sorted by. Never seen sorts as longest ago.</summary>
public enum AccountSort
{
    Email,
    Used,
    LastSeen,
    Created,
}

/// <summary>How many accounts each chip would show, for one search.</summary>
public sealed record AccountCounts(IReadOnlyDictionary<AccountFilter, int> ByFilter)
{
    public int this[AccountFilter filter] => ByFilter.GetValueOrDefault(filter);
}
