using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace NexLlm.Dashboard.Paging;

/// <summary>
/// A place in a sorted list, between two rows: what stands after it (or, going backwards, before it) is the page. Unlike
/// a page number it stays where it is when rows come and go.
/// </summary>
/// <param name="Direction">Which way the page lies.</param>
/// <param name="Text">The sort value of the row at the place, if the order is by a text.</param>
/// <param name="Number">The same, if the order is by a number or, in Unix milliseconds, by an instant.</param>
/// <param name="Id">The id of the row at the place, which breaks ties.</param>
public sealed record PageCursor(PageDirection Direction, string? Text, long Number, long Id)
{
    /// <summary>The last page of a list, whatever stands on it.</summary>
    public static PageCursor Last { get; } = new(PageDirection.Last, null, 0, 0);

    /// <summary><see cref="Number"/> as an instant; the nearest there is if somebody tampered with it.</summary>
    public DateTimeOffset Instant => DateTimeOffset.FromUnixTimeMilliseconds(
        Math.Clamp(Number, DateTimeOffset.MinValue.ToUnixTimeMilliseconds(), DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));

    /// <summary>For the address of a page.</summary>
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

    /// <summary>Null for anything that <see cref="ToString"/> did not write: an address that was tampered with shows the first page.</summary>
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

/// <summary>Which way a page lies from its cursor.</summary>
public enum PageDirection
{
    After,
    Before,

    /// <summary>The end of the list, from no place in particular.</summary>
    Last,
}
