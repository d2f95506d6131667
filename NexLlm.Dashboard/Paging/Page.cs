namespace NexLlm.Dashboard.Paging;

/// <summary>A page of a sorted list, in the requested order.</summary>
/// <param name="Rows">At most the page size.</param>
/// <param name="Previous">The cursor of the previous page; null on the first.</param>
/// <param name="Next">The cursor of the next page; null on the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Rows, PageCursor? Previous, PageCursor? Next);

/// <summary>Splits lists into pages.</summary>
public static class Page
{
    /// <summary>Whether the list is read from its end, so that the query's order is reversed.</summary>
    public static bool IsBackwards(this PageCursor? cursor) => cursor is { Direction: not PageDirection.After };

    /// <summary>Builds a page from the rows that were read.</summary>
    /// <param name="found">Up to one row more than the page size, in reading order.</param>
    /// <param name="size">The page size.</param>
    /// <param name="cursor">The requested cursor; null for the first page.</param>
    /// <param name="place">Creates the cursor of a row.</param>
    public static Page<T> Cut<T>(IReadOnlyList<T> found, int size, PageCursor? cursor, Func<T, PageDirection, PageCursor> place)
    {
        var more = found.Count > size;
        var backwards = cursor.IsBackwards();
        IReadOnlyList<T> rows = backwards ? [.. found.Take(size).Reverse()] : [.. found.Take(size)];
        if (rows is [])
        {
            return new Page<T>([], null, null);
        }

        var hasPrevious = backwards ? more : cursor is not null;
        var hasNext = backwards ? cursor!.Direction is PageDirection.Before : more;
        return new Page<T>(
            rows,
            hasPrevious ? place(rows[0], PageDirection.Before) : null,
            hasNext ? place(rows[^1], PageDirection.After) : null);
    }
}
