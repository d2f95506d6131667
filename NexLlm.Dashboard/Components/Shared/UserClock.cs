using System.Globalization;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Components.Shared;

/// <summary>Formats instants for the user: near ones relative to now, others as a date in the user's time zone.</summary>
public sealed class UserClock(CurrentUser user, TimeProvider clock)
{
    private static readonly CultureInfo _english = CultureInfo.InvariantCulture;

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>For example "3h ago", "Yesterday", "14 Jun", "In 3 days" or "31 Dec 2026".</summary>
    public string Brief(DateTimeOffset at)
    {
        var now = Now;
        var away = (at - now).Duration();
        if (away < TimeSpan.FromMinutes(1))
        {
            return at > now ? "In a minute" : "Just now";
        }

        if (away < TimeSpan.FromHours(24))
        {
            var amount = away < TimeSpan.FromHours(1) ? $"{(int)away.TotalMinutes}m" : $"{(int)away.TotalHours}h";
            return at > now ? $"In {amount}" : $"{amount} ago";
        }

        var today = DateOnly.FromDateTime(Local(now).DateTime);
        var day = DateOnly.FromDateTime(Local(at).DateTime);
        return (day.DayNumber - today.DayNumber) switch
        {
            -1 => "Yesterday",
            1 => "Tomorrow",
            var days and < 0 and > -7 => string.Create(_english, $"{-days} days ago"),
            var days and > 0 and < 8 => string.Create(_english, $"In {days} days"),
            _ => Date(day, today),
        };
    }

    /// <summary>The same within a sentence: "3h ago", "in 3 days", "on 14 Jun".</summary>
    public static string InSentence(string brief) => char.IsDigit(brief[0]) && !brief.EndsWith(" ago", StringComparison.Ordinal) ? $"on {brief}" : char.ToLowerInvariant(brief[0]) + brief[1..];

    /// <summary>An expiration in a table cell; if it is far away, the last day that counts in full.</summary>
    public string Brief(Expiration expiration)
    {
        if (expiration.At is not { } at)
        {
            return "Never";
        }

        return (at - Now).Duration() >= TimeSpan.FromDays(8) && expiration.LastDay(user.Zone) is { } day
            ? Date(day, DateOnly.FromDateTime(Local(Now).DateTime))
            : Brief(at);
    }

    /// <summary>Precise to the second: "14:03:07" for today, "23 Nov, 14:03:07" for another day.</summary>
    public string Moment(DateTimeOffset at)
    {
        var local = Local(at);
        var (day, today) = (DateOnly.FromDateTime(local.DateTime), DateOnly.FromDateTime(Local(Now).DateTime));
        var time = local.ToString("HH:mm:ss", _english);
        return day == today ? time : $"{Date(day, today)}, {time}";
    }

    /// <summary>The tooltip: the instant in the user's time zone and in UTC.</summary>
    public string Exact(DateTimeOffset at)
    {
        var utc = string.Create(_english, $"{at.UtcDateTime:d MMM yyyy, HH:mm:ss} UTC");
        return user.Zone.Equals(TimeZoneInfo.Utc) ? utc : string.Create(_english, $"{Local(at):d MMM yyyy, HH:mm:ss} {user.Zone.Id} · {utc}");
    }

    /// <summary>A duration in words: "24 hours", "30 minutes", "1 day".</summary>
    public static string InWords(TimeSpan span) => span switch
    {
        { TotalHours: >= 48 } => Counted((int)span.TotalDays, "day"),
        { TotalHours: >= 1 } => Counted((int)span.TotalHours, "hour"),
        _ => Counted(Math.Max(1, (int)span.TotalMinutes), "minute"),
    };

    private static string Counted(int count, string unit) => count == 1 ? $"1 {unit}" : string.Create(_english, $"{count} {unit}s");

    private static string Date(DateOnly day, DateOnly today) => day.ToString(day.Year == today.Year ? "d MMM" : "d MMM yyyy", _english);

    private DateTimeOffset Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, user.Zone);
}
