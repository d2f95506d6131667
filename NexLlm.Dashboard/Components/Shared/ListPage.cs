using System.Globalization;

namespace NexLlm.Dashboard.Components.Shared;

/// <summary>A page of a list short enough to be loaded completely.</summary>
/// <param name="Number">Starts at 1.</param>
/// <param name="Last">The number of the last page.</param>
/// <param name="Total">The total number of items.</param>
public sealed record ListPage<T>(IReadOnlyList<T> Items, int Number, int Last, int Total)
{
    /// <summary>For example "26–50 of 61".</summary>
    public string Shown
    {
        get
        {
            var before = (Number - 1) * ListPages.Size;
            return string.Create(CultureInfo.InvariantCulture, $"{before + 1:N0}–{before + Items.Count:N0} of {Total:N0}");
        }
    }
}

public static class ListPages
{
    /// <summary>More rows of components would take megabytes in a circuit.</summary>
    public const int Size = 25;

    /// <param name="wanted">Starts at 1; beyond the last page, the last one is shown.</param>
    public static ListPage<T> Page<T>(this IReadOnlyList<T> all, int wanted)
    {
        var last = Math.Max(1, (all.Count + Size - 1) / Size);
        var number = Math.Clamp(wanted, 1, last);
        return new([.. all.Skip((number - 1) * Size).Take(Size)], number, last, all.Count);
    }
}
