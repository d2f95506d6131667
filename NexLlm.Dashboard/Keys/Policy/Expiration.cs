using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace NexLlm.Dashboard.Keys.Policy;

/// <summary>When a key stops working.</summary>
/// <param name="At">The first instant at which the key no longer works; null means that it never expires.</param>
public readonly record struct Expiration(DateTimeOffset? At)
{
    /// <summary>What is wrong with a date that lies in the past.</summary>
    public const string IsPast = "Expiration must be today or later.";

    private const string DayFormat = "yyyy-MM-dd";

    private static readonly TimeSpan _soon = TimeSpan.FromHours(1);

    public static Expiration Never => default;

    public bool IsNever => At is null;

    public bool IsOver(DateTimeOffset now) => At <= now;

    /// <summary>Less than an hour is left: short enough to be a slip of whoever typed it.</summary>
    public bool IsSoon(DateTimeOffset now) => At > now && At - now < _soon;

    /// <summary>
    /// Reads what a person typed: nothing or -1 for never, or a day, which then counts as a whole in <paramref name="zone"/>.
    /// </summary>
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
    /// The last local day that is covered as a whole, if the key expires where a day of <paramref name="zone"/> begins; otherwise null.
    /// </summary>
    public DateOnly? LastDay(TimeZoneInfo zone) =>
        At is { } at && at > DateTimeOffset.MinValue && LocalDay.Start(LocalDay.Of(at, zone), zone) == at
            ? LocalDay.Of(at.AddTicks(-1), zone)
            : null;

    /// <summary>
    /// What stands in the field while editing. An instant inside a day (set in another zone) shows that day,
    /// so a field that was not touched must not be parsed again.
    /// </summary>
    public string ToField(TimeZoneInfo zone) =>
        At is { } at ? Format(LastDay(zone) ?? LocalDay.Of(at, zone)) : "";

    private static string Format(DateOnly day) => day.ToString(DayFormat, CultureInfo.InvariantCulture);
}
