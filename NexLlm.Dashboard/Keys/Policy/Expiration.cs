using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace NexLlm.Dashboard.Keys.Policy;

/// <summary>When a key stops working.</summary>
/// <param name="At">The first instant at which the key no longer works; null if it never expires.</param>
public readonly record struct Expiration(DateTimeOffset? At)
{
    /// <summary>The error for a date in the past.</summary>
    public const string IsPast = "Expiration must be today or later.";

    private const string DayFormat = "yyyy-MM-dd";

    private static readonly TimeSpan _soon = TimeSpan.FromHours(1);

    public static Expiration Never => default;

    public bool IsNever => At is null;

    public bool IsOver(DateTimeOffset now) => At <= now;

    /// <summary>Whether less than an hour is left, which may be a mistake.</summary>
    public bool IsSoon(DateTimeOffset now) => At > now && At - now < _soon;

    /// <summary>Parses user input: blank or -1 for never, or a day, which then counts in full in <paramref name="zone"/>.</summary>
    public static bool TryParse(
        string? text, TimeZoneInfo zone, DateTimeOffset now, out Expiration value, [NotNullWhen(false)] out string? error)
    {
        value = Never;
        error = null;
        text = PlainText.Clean(text).Trim();
        if (text is "" or "-1")
            return true;

        var today = LocalDay.Of(now, zone);
        if (!DateOnly.TryParseExact(text, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            error = $"Enter a date as YYYY-MM-DD, such as {Format(today)}, or leave the field blank.";
        else if (day == DateOnly.MaxValue)
            error = $"Enter a date up to {Format(day.AddDays(-1))}, or leave the field blank.";
        else if (LocalDay.Start(day.AddDays(1), zone) is var end && end <= now)
            error = IsPast;
        else
            value = new Expiration(end);
        return error is null;
    }

    /// <summary>
    /// The last local day covered in full, if the key expires at the start of a day in <paramref name="zone"/>; otherwise null.
    /// </summary>
    public DateOnly? LastDay(TimeZoneInfo zone) =>
        At is { } at && at > DateTimeOffset.MinValue && LocalDay.Start(LocalDay.Of(at, zone), zone) == at
            ? LocalDay.Of(at.AddTicks(-1), zone)
            : null;

    /// <summary>
    /// The text of the field while editing. An instant within a day (set in another time zone) is shown as that day, so an
    /// unedited field must not be parsed again.
    /// </summary>
    public string ToField(TimeZoneInfo zone) =>
        At is { } at ? Format(LastDay(zone) ?? LocalDay.Of(at, zone)) : "";

    private static string Format(DateOnly day) => day.ToString(DayFormat, CultureInfo.InvariantCulture);
}
