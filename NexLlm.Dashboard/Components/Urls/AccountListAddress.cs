using Microsoft.AspNetCore.Http.Extensions;
using NexLlm.Dashboard.Accounts.Administration;
using NexLlm.Dashboard.Paging;

namespace NexLlm.Dashboard.Components.Urls;

/// <summary>
/// Everything about the list of accounts that stands in its address, so that back, reload and a shared link show the same. What an
/// address gets wrong is read as the default.
/// </summary>
public sealed record AccountListAddress(AccountQuery Query)
{
    private static readonly (AccountSort Sort, string Slug)[] _sorts =
        [(AccountSort.Email, "email"), (AccountSort.Used, "used"), (AccountSort.LastSeen, "last-seen"), (AccountSort.Created, "created")];

    private static readonly (AccountFilter Filter, string Slug)[] _filters =
        [(AccountFilter.All, "all"), (AccountFilter.Administrators, "administrators"), (AccountFilter.Exhausted, "exhausted"), (AccountFilter.Disabled, "disabled")];

    public static AccountListAddress Default { get; } = new(new AccountQuery());

    public static AccountListAddress Read(string? search, string? filter, string? sort, string? direction, string? cursor)
    {
        var order = _sorts.FirstOrDefault(s => s.Slug == sort, _sorts[0]).Sort;
        return new(new AccountQuery(
            string.IsNullOrWhiteSpace(search) || PastedSecret.IsIn(search) ? null : search,
            _filters.FirstOrDefault(f => f.Slug == filter, _filters[0]).Filter,
            order,
            direction switch { "desc" => true, "asc" => false, _ => DescendsFirst(order) },
            PageCursor.Parse(cursor)));
    }

    /// <summary>The part of the address behind <c>accounts</c>; empty for the default.</summary>
    public string ToQueryString()
    {
        var parts = new QueryBuilder();
        if (Query.Search is { } search)
        {
            parts.Add("q", search);
        }

        if (Query.Filter is not AccountFilter.All)
        {
            parts.Add("show", _filters.First(f => f.Filter == Query.Filter).Slug);
        }

        if (Query.Sort is not AccountSort.Email)
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

    public AccountListAddress Searching(string? text) =>
        new(Query with { Search = string.IsNullOrWhiteSpace(text) ? null : text.Trim(), Cursor = null });

    public AccountListAddress Showing(AccountFilter filter) => new(Query with { Filter = filter, Cursor = null });

    public AccountListAddress At(PageCursor? cursor) => new(Query with { Cursor = cursor });

    /// <summary>Ordered by this column; by the column that orders already, the other way round.</summary>
    public AccountListAddress SortedBy(AccountSort sort) => SortedBy(sort, sort == Query.Sort ? !Query.Descending : DescendsFirst(sort));

    public AccountListAddress SortedBy(AccountSort sort, bool descending) => new(Query with { Sort = sort, Descending = descending, Cursor = null });

    /// <summary>What people look for first: who uses the most, who was here last, but A before Z.</summary>
    private static bool DescendsFirst(AccountSort sort) => sort is not AccountSort.Email;
}
