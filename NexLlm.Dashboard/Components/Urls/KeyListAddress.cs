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
    private static readonly Slugs<KeySort> _sorts =
        new((KeySort.Created, "created"), (KeySort.Name, "name"), (KeySort.LastUsed, "last-used"), (KeySort.Expires, "expires"));

    public static KeyListAddress Default { get; } = new(new KeyQuery());

    /// <summary>No search, no chip: an empty list means that there are no keys at all.</summary>
    public bool ShowsEverything => KeyId is null && Query.Search is null && Query.Filter is KeyFilter.All;

    public static KeyListAddress Read(string? search, string? filter, string? sort, string? direction, string? cursor, string? id)
    {
        var order = _sorts.Read(sort);
        return new(
            new KeyQuery(
                QueryText.ReadName(search), KeyFilterChip.BySlug(filter), order, QueryText.ReadDirection(direction, DescendsFirst(order)), PageCursor.Parse(cursor)),
            QueryText.ReadId(id));
    }

    /// <summary>The part of the address behind <c>keys</c>; empty for the default.</summary>
    public string ToQueryString() => KeyId is { } id
        ? new QueryText().Add("id", id).ToString()
        : new QueryText()
            .Add("q", Query.Search)
            .Add("show", Query.Filter is KeyFilter.All ? null : KeyFilterChip.SlugOf(Query.Filter))
            .Add("sort", _sorts.Write(Query.Sort))
            .AddDirection(Query.Descending, DescendsFirst(Query.Sort))
            .Add("at", Query.Cursor?.ToString())
            .ToString();

    public KeyListAddress Searching(string? text) => new(Query with { Search = QueryText.Typed(text), Cursor = null });

    public KeyListAddress Showing(KeyFilter filter) => new(Query with { Filter = filter, Cursor = null });

    public KeyListAddress At(PageCursor? cursor) => new(Query with { Cursor = cursor });

    /// <summary>Ordered by this column; by the column that orders already, the other way round.</summary>
    public KeyListAddress SortedBy(KeySort sort) => SortedBy(sort, sort == Query.Sort ? !Query.Descending : DescendsFirst(sort));

    public KeyListAddress SortedBy(KeySort sort, bool descending) => new(Query with { Sort = sort, Descending = descending, Cursor = null });

    /// <summary>What people look for first: the newest, the last used, but the soonest to expire and A before Z.</summary>
    public static bool DescendsFirst(KeySort sort) => sort is KeySort.Created or KeySort.LastUsed;
}
