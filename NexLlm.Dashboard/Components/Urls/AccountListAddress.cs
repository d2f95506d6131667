using NexLlm.Dashboard.Accounts.Administration;
using NexLlm.Dashboard.Paging;

namespace NexLlm.Dashboard.Components.Urls;

/// <summary>
/// The state of the account list that is part of its URL, so that back, reload and shared links show the same. Invalid values are
/// read as the default.
/// </summary>
public sealed record AccountListAddress(AccountQuery Query)
{
    private static readonly Slugs<AccountSort> _sorts =
        new((AccountSort.Email, "email"), (AccountSort.Used, "used"), (AccountSort.LastSeen, "last-seen"), (AccountSort.Created, "created"));

    private static readonly Slugs<AccountFilter> _filters =
        new((AccountFilter.All, "all"), (AccountFilter.Administrators, "administrators"), (AccountFilter.Exhausted, "exhausted"), (AccountFilter.Disabled, "disabled"));

    public static AccountListAddress Default { get; } = new(new AccountQuery());

    public static AccountListAddress Read(string? search, string? filter, string? sort, string? direction, string? cursor)
    {
        var order = _sorts.Read(sort);
        return new(new AccountQuery(
            QueryText.ReadName(search), _filters.Read(filter), order, QueryText.ReadDirection(direction, DescendsFirst(order)), PageCursor.Parse(cursor)));
    }

    /// <summary>The part of the URL after <c>accounts</c>; empty for the default.</summary>
    public string ToQueryString() => new QueryText()
        .Add("q", Query.Search)
        .Add("show", _filters.Write(Query.Filter))
        .Add("sort", _sorts.Write(Query.Sort))
        .AddDirection(Query.Descending, DescendsFirst(Query.Sort))
        .Add("at", Query.Cursor?.ToString())
        .ToString();

    public AccountListAddress Searching(string? text) => new(Query with { Search = QueryText.Typed(text), Cursor = null });

    public AccountListAddress Showing(AccountFilter filter) => new(Query with { Filter = filter, Cursor = null });

    public AccountListAddress At(PageCursor? cursor) => new(Query with { Cursor = cursor });

    /// <summary>Sorts by this column; reverses the order if it is already the sort column.</summary>
    public AccountListAddress SortedBy(AccountSort sort) => SortedBy(sort, sort == Query.Sort ? !Query.Descending : DescendsFirst(sort));

    public AccountListAddress SortedBy(AccountSort sort, bool descending) => new(Query with { Sort = sort, Descending = descending, Cursor = null });

    /// <summary>What users want first: highest usage, most recently seen, but A before Z.</summary>
    private static bool DescendsFirst(AccountSort sort) => sort is not AccountSort.Email;
}
