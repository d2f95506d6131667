using System.Globalization;
using Microsoft.AspNetCore.Http.Extensions;
using NexLlm.Dashboard.Components.Keys;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Paging;

namespace NexLlm.Dashboard.Components.Urls;

/// <summary>
/// Everything about the list that stands in its address, so that back, reload and a shared link show the same. What an
/// address gets wrong is read as the default.
/// </summary>
/// <param name="Query">Search, chip, order and place.</param>
/// <param name="KeyId">Only this key, as found by a pasted secret; the rest is then set aside.</param>
public sealed record KeyListAddress(KeyQuery Query, long? KeyId = null)
{
    private static readonly (KeySort Sort, string Slug)[] _sorts =
        [(KeySort.Name, "name"), (KeySort.Created, "created"), (KeySort.LastUsed, "last-used"), (KeySort.Expires, "expires")];

    public static KeyListAddress Default { get; } = new(new KeyQuery());

    /// <summary>No search, no chip: an empty list means that there are no keys at all.</summary>
    public bool ShowsEverything => KeyId is null && Query.Search is null && Query.Filter is KeyFilter.All;

    public static KeyListAddress Read(string? search, string? filter, string? sort, string? direction, string? cursor, string? id)
    {
        var order = _sorts.Where(s => s.Slug == sort).Select(s => s.Sort).FirstOrDefault(KeySort.Created);
        return new(
            new KeyQuery(
                string.IsNullOrWhiteSpace(search) || PastedSecret.IsIn(search) ? null : search,
                KeyFilterChip.BySlug(filter),
                order,
                direction switch { "desc" => true, "asc" => false, _ => DescendsFirst(order) },
                PageCursor.Parse(cursor)),
            long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var key) ? key : null);
    }

    /// <summary>The part of the address behind <c>keys</c>; empty for the default.</summary>
    public string ToQueryString()
    {
        var parts = new QueryBuilder();
        if (KeyId is { } id)
        {
            parts.Add("id", id.ToString(CultureInfo.InvariantCulture));
            return parts.ToString();
        }

        if (Query.Search is { } search)
        {
            parts.Add("q", search);
        }

        if (Query.Filter is not KeyFilter.All)
        {
            parts.Add("show", KeyFilterChip.SlugOf(Query.Filter));
        }

        if (Query.Sort is not KeySort.Created)
        {
            parts.Add("sort", _sorts.First(s => s.Sort == Query.Sort).Slug);
        }

        if (Query.Descending != DescendsFirst(Query.Sort))
        {
            parts.Add("dir", Query.Descending ? "desc" : "asc");
        }

        if (Query.Cursor is { } cursor)
        {
            parts.Add("at", cursor.ToString());
        }

        return parts.ToString();
    }

    public KeyListAddress Searching(string? text) =>
        new(Query with { Search = string.IsNullOrWhiteSpace(text) ? null : text.Trim(), Cursor = null });

    public KeyListAddress Showing(KeyFilter filter) => new(Query with { Filter = filter, Cursor = null });

    public KeyListAddress At(PageCursor? cursor) => new(Query with { Cursor = cursor });

    /// <summary>Ordered by this column; by the column that orders already, the other way round.</summary>
    public KeyListAddress SortedBy(KeySort sort) => SortedBy(sort, sort == Query.Sort ? !Query.Descending : DescendsFirst(sort));

    public KeyListAddress SortedBy(KeySort sort, bool descending) => new(Query with { Sort = sort, Descending = descending, Cursor = null });

    /// <summary>What people look for first: the newest, the last used, but the soonest to expire and A before Z.</summary>
    public static bool DescendsFirst(KeySort sort) => sort is KeySort.Created or KeySort.LastUsed;
}
