using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Paging;

namespace NexLlm.Dashboard.Components.Urls;

/// <summary>
/// The state of the key list that is part of its URL, so that back, reload and shared links show the same. Invalid values are
/// read as the default.
/// </summary>
/// <param name="Query">Search, filter, order and position.</param>
/// <param name="KeyId">Shows only this key, found by a pasted secret, and ignores the rest.</param>
public sealed record KeyListAddress(KeyQuery Query, long? KeyId = null)
{
    private static readonly Slugs<KeySort> _sorts =
        new((KeySort.Created, "created"), (KeySort.Name, "name"), (KeySort.LastUsed, "last-used"), (KeySort.Expires, "expires"));

    public static KeyListAddress Default { get; } = new(new KeyQuery());

    /// <summary>Whether no search or filter is set, so that an empty list means there are no keys at all.</summary>
    public bool ShowsEverything => KeyId is null && Query.Search is null && Query.Filter is KeyFilter.All;

    public static KeyListAddress Read(string? search, string? filter, string? sort, string? direction, string? cursor, string? id)
    {
        var order = _sorts.Read(sort);
        return new(
            new KeyQuery(
                QueryText.ReadName(search), KeyFilterChip.BySlug(filter), order, QueryText.ReadDirection(direction, DescendsFirst(order)), PageCursor.Parse(cursor)),
            QueryText.ReadId(id));
    }

    /// <summary>The part of the URL after <c>keys</c>; empty for the default.</summary>
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

    /// <summary>Sorts by this column; reverses the order if it is already the sort column.</summary>
    public KeyListAddress SortedBy(KeySort sort) => SortedBy(sort, sort == Query.Sort ? !Query.Descending : DescendsFirst(sort));

    public KeyListAddress SortedBy(KeySort sort, bool descending) => new(Query with { Sort = sort, Descending = descending, Cursor = null });

    /// <summary>What users want first: newest, latest used, but soonest to expire and A before Z.</summary>
    public static bool DescendsFirst(KeySort sort) => sort is KeySort.Created or KeySort.LastUsed;
}
