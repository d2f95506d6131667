using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Paging;

namespace NexLlm.Dashboard.Keys;

/// <summary>A key as pages see it: everything but what could reveal the secret.</summary>
/// <param name="Id">Names the key in addresses; says nothing about the secret.</param>
/// <param name="OwnerId">The account that owns it.</param>
/// <param name="Name">The name.</param>
/// <param name="DisplayForm"><c>sk-nexllm-AbC…wXyZ</c>.</param>
/// <param name="IsEnabled">False once somebody disabled it.</param>
/// <param name="Policy">What it may do.</param>
/// <param name="GroupName">The name of its group.</param>
/// <param name="GroupRatio">The group's price ratio; 1 is the plain price.</param>
/// <param name="Quota">Its own limit and what is used.</param>
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

/// <summary>A key and the email address of its owner, for administrators.</summary>
public sealed record FoundKey(KeyDetails Key, string OwnerEmail);

/// <summary>What a key is, or was, called.</summary>
public sealed record KeyLabel(string Name, bool IsDeleted);

/// <summary>What a list shows of an account's live keys: a search, a filter, an order and a place in it.</summary>
/// <param name="Search">A part of the name; one or two characters match its beginning, from three on any part.</param>
/// <param name="Filter">The chip.</param>
/// <param name="Sort">The column.</param>
/// <param name="Descending">From the other end.</param>
/// <param name="Cursor">Where the page begins; null is the first page.</param>
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

/// <summary>The columns that the list can be sorted by. Never used sorts as oldest, never expires as last to expire.</summary>
public enum KeySort
{
    Name,
    Created,
    LastUsed,
    Expires,
}

/// <summary>A page of keys in the order asked for.</summary>
/// <param name="Keys">At most the page's size.</param>
/// <param name="Previous">The cursor of the page before; null on the first.</param>
/// <param name="Next">The cursor of the page after; null on the last.</param>
public sealed record KeyPage(IReadOnlyList<KeyDetails> Keys, PageCursor? Previous, PageCursor? Next);

/// <summary>How many live keys each chip would show, for one search.</summary>
public sealed record KeyCounts(IReadOnlyDictionary<KeyFilter, int> ByFilter)
{
    public int this[KeyFilter filter] => ByFilter.GetValueOrDefault(filter);
}
