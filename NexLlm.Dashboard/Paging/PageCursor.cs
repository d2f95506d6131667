using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace NexLlm.Dashboard.Paging;

/// <summary>
/// A position between two rows of a sorted list; the page follows it or, going backwards, precedes it. Unlike a page number, it
/// stays valid when rows are added or removed.
/// </summary>
/// <param name="Direction">The direction of the page.</param>
/// <param name="Text">The row's sort value, if the list is sorted by text.</param>
/// <param name="Number">The row's sort value, if sorted by a number or by an instant in Unix milliseconds.</param>
/// <param name="Id">The row's id, which breaks ties.</param>
public sealed record PageCursor(PageDirection Direction, string? Text, long Number, long Id)
{
    /// <summary>The last page of a list, whatever its rows.</summary>
    public static PageCursor Last { get; } = new(PageDirection.Last, null, 0, 0);

    /// <summary><see cref="Number"/> as an instant, clamped to the valid range in case of tampering.</summary>
    public DateTimeOffset Instant => DateTimeOffset.FromUnixTimeMilliseconds(
        Math.Clamp(Number, DateTimeOffset.MinValue.ToUnixTimeMilliseconds(), DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));

    /// <summary>The cursor as used in a page's URL.</summary>
    public override string ToString()
    {
        if (Direction is PageDirection.Last)
        {
            return "last";
        }

        var mark = Direction is PageDirection.After ? 'a' : 'b';
        var value = Text is null
            ? string.Create(CultureInfo.InvariantCulture, $"{Number}")
            : "." + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Text));
        return string.Create(CultureInfo.InvariantCulture, $"{mark}{Id}~{value}");
    }

    /// <summary>Returns null for anything <see cref="ToString"/> didn't write, so a manipulated URL shows the first page.</summary>
    public static PageCursor? Parse(string? text)
    {
        if (text is "last")
        {
            return Last;
        }

        if (text is not ['a' or 'b', .. var rest] || rest.Split('~') is not [var id, var value]
            || !long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var row))
        {
            return null;
        }

        var direction = text[0] is 'a' ? PageDirection.After : PageDirection.Before;
        if (value is ['.', .. var encoded])
        {
            return Base64Url.IsValid(encoded)
                ? new PageCursor(direction, Encoding.UTF8.GetString(Base64Url.DecodeFromChars(encoded)), 0, row)
                : null;
        }

        return long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? new PageCursor(direction, null, number, row)
            : null;
    }
}

/// <summary>The direction of a page from its cursor.</summary>
public enum PageDirection
{
    After,
    Before,

    /// <summary>The end of the list, independent of any row.</summary>
    Last,
}
