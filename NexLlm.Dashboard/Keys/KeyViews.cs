using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Paging;

namespace NexLlm.Dashboard.Keys;

/// <summary>A key as pages see it: everything except what could reveal the secret.</summary>
/// <param name="Id">Identifies the key in URLs; unrelated to the secret.</param>
/// <param name="OwnerId">The account that owns it.</param>
/// <param name="Name">The name.</param>
/// <param name="DisplayForm"><c>sk-nexllm-AbC…wXyZ</c>.</param>
/// <param name="IsEnabled">False if the key is disabled.</param>
/// <param name="Policy">Its policy.</param>
/// <param name="GroupName">The name of its group.</param>
/// <param name="GroupRatio">The group's price ratio; 1 is the standard price.</param>
/// <param name="Quota">Its own limit and usage.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="LastUsedAt">Null if never.</param>
/// <param name="DeletedAt">Null while it is live.</param>
/// <param name="Version">For <see cref="EditKey"/>.</param>
public sealed record KeyDetails(
    long Id,
    long OwnerId,
    string Name,
    string DisplayForm,
    bool IsEnabled,
    KeyPolicy Policy,
    string GroupName,
    decimal GroupRatio,
    TokenQuota Quota,
    DateTimeOffset CreatedAt,
    DateTimeOffset? LastUsedAt,
    DateTimeOffset? DeletedAt,
    long Version)
{
    public KeySettings Settings => new(Name, Policy, Quota, GroupName, GroupRatio);

    public KeyStatus StatusAt(DateTimeOffset now) => KeyStatuses.Of(IsEnabled, Policy.Expiration, Quota, now);

    public bool ExpiresSoonAt(DateTimeOffset now) => KeyStatuses.ExpiresSoon(IsEnabled, Policy.Expiration, Quota, now);
}

/// <summary>A key and its owner's email, for administrators.</summary>
public sealed record FoundKey(KeyDetails Key, string OwnerEmail);

/// <summary>The current or former name of a key.</summary>
public sealed record KeyLabel(string Name, bool IsDeleted);

/// <summary>A query for a list of an account's live keys.</summary>
/// <param name="Search">Part of the name; one or two characters match its start, three or more match anywhere.</param>
/// <param name="Filter">The selected chip.</param>
/// <param name="Sort">The column.</param>
/// <param name="Descending">Whether to reverse the order.</param>
/// <param name="Cursor">The start of the page; null for the first page.</param>
/// <param name="PageSize">1 to 100.</param>
public sealed record KeyQuery(
    string? Search = null,
    KeyFilter Filter = KeyFilter.All,
    KeySort Sort = KeySort.Created,
    bool Descending = true,
    PageCursor? Cursor = null,
    int PageSize = KeyQuery.DefaultPageSize)
{
    public const int DefaultPageSize = 25;
}

/// <summary>The chips above the list.</summary>
public enum KeyFilter
{
    All,
    Active,
    Disabled,
    Expired,
    QuotaExhausted,
    ExpiresSoon,
    NeverExpires,
    Unlimited,
    AnyIp,

    /// <summary>Neither used nor created in the last 90 days.</summary>
    Unused,
}

/// <summary>The sortable columns of the list. Unused keys sort as the oldest, and keys that never expire as the last to expire.</summary>
public enum KeySort
{
    Name,
    Created,
    LastUsed,
    Expires,
}

/// <summary>A page of keys in the requested order.</summary>
/// <param name="Keys">At most the page size.</param>
/// <param name="Previous">The cursor of the previous page; null on the first.</param>
/// <param name="Next">The cursor of the next page; null on the last.</param>
public sealed record KeyPage(IReadOnlyList<KeyDetails> Keys, PageCursor? Previous, PageCursor? Next);

/// <summary>The number of live keys per chip, for one search.</summary>
public sealed record KeyCounts(IReadOnlyDictionary<KeyFilter, int> ByFilter)
{
    public int this[KeyFilter filter] => ByFilter.GetValueOrDefault(filter);
}
