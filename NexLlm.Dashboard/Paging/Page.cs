namespace NexLlm.Dashboard.Paging;

/// <summary>A page of a sorted list, in the order asked for.</summary>
/// <param name="Rows">At most the page's size.</param>
/// <param name="Previous">The cursor of the page before; null on the first.</param>
/// <param name="Next">The cursor of the page after; null on the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Rows, PageCursor? Previous, PageCursor? Next);

/// <summary>How every list is cut into pages.</summary>
public static class Page
{
    /// <summary>Whether the list is read from its end: the order of the query is turned round then.</summary>
    public static bool IsBackwards(this PageCursor? cursor) => cursor is { Direction: not PageDirection.After };

    /// <summary>Makes a page of what was read.</summary>
    /// <param name="found">Up to one row more than the page's size, in the order in which they were read.</param>
    /// <param name="size">The page's size.</param>
    /// <param name="cursor">What was asked for; null is the first page.</param>
    /// <param name="place">The place of a row in the list.</param>
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
