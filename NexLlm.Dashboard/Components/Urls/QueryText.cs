using System.Globalization;
using Microsoft.AspNetCore.Http.Extensions;

namespace NexLlm.Dashboard.Components.Urls;

/// <summary>Writes and reads the values of a list's URL. Invalid values are read as null, which means the default.</summary>
internal sealed class QueryText
{
    private const string DayForm = "yyyy-MM-dd";
    private const string InstantForm = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    private readonly QueryBuilder _parts = [];

    /// <summary>Null is omitted.</summary>
    public QueryText Add(string name, string? value)
    {
        if (value is not null)
        {
            _parts.Add(name, value);
        }

        return this;
    }

    public QueryText Add(string name, long? id) => Add(name, id?.ToString(CultureInfo.InvariantCulture));

    public QueryText Add(string name, DateOnly? day) => Add(name, day?.ToString(DayForm, CultureInfo.InvariantCulture));

    public QueryText Add(string name, DateTimeOffset? instant) => Add(name, instant?.UtcDateTime.ToString(InstantForm, CultureInfo.InvariantCulture));

    /// <summary>The first page is omitted.</summary>
    public QueryText AddPage(int number) => Add("page", number > 1 ? number : (long?)null);

    /// <summary>A column's default direction is omitted.</summary>
    public QueryText AddDirection(bool descending, bool descendsFirst) =>
        Add("dir", descending == descendsFirst ? null : descending ? "desc" : "asc");

    public override string ToString() => _parts.ToString();

    public static string? ReadText(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    /// <summary>A secret entered by hand is not treated as a name and is not repeated.</summary>
    public static string? ReadName(string? text) => ReadText(text) is { } name && !PastedSecret.IsIn(name) ? name : null;

    public static long? ReadId(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    public static DateOnly? ReadDay(string? text) =>
        DateOnly.TryParseExact(text, DayForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    public static DateTimeOffset? ReadInstant(string? text) =>
        DateTimeOffset.TryParseExact(text, InstantForm, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant : null;

    public static int ReadPage(int? number) => Math.Max(1, number ?? 1);

    public static bool ReadDirection(string? text, bool descendsFirst) => text switch { "desc" => true, "asc" => false, _ => descendsFirst };

    /// <summary>The text of a search field.</summary>
    public static string? Typed(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

/// <summary>The slugs of enum values in URLs. The first value is the default, which is omitted.</summary>
internal sealed class Slugs<T>(params (T Value, string Slug)[] all)
    where T : struct
{
    public T Read(string? slug) => all.FirstOrDefault(choice => choice.Slug == slug, all[0]).Value;

    /// <summary>Null for the default.</summary>
    public string? Write(T value) => EqualityComparer<T>.Default.Equals(value, all[0].Value) ? null : SlugOf(value);

    public string SlugOf(T value) => all.First(choice => EqualityComparer<T>.Default.Equals(choice.Value, value)).Slug;
}
