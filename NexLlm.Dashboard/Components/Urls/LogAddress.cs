using System.Globalization;
using Microsoft.AspNetCore.Http.Extensions;
using NexLlm.Dashboard.Logs;

namespace NexLlm.Dashboard.Components.Urls;

/// <summary>
/// Everything about the log that stands in its address, so that back, reload and a shared link show the same. What an
/// address gets wrong is read as the default.
/// </summary>
public sealed record LogAddress
{
    public const string Answered = "answered";
    public const string Failed = "failed";

    private const string Day = "24h";
    private const string Instant = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>The times up to now that the page offers.</summary>
    public static IReadOnlyList<(string Slug, string Label, TimeSpan Length)> Ranges { get; } =
    [
        ("1h", "Last hour", TimeSpan.FromHours(1)), (Day, "Last 24 hours", LogQuery.DefaultRange),
        ("7d", "Last 7 days", TimeSpan.FromDays(7)), ("30d", "Last 30 days", TimeSpan.FromDays(30)),
    ];

    /// <summary>One of <see cref="Ranges"/>; means nothing where there is a <see cref="From"/> or a <see cref="To"/>.</summary>
    public string Range { get; init; } = Day;

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }

    public long? AccountId { get; init; }

    public long? KeyId { get; init; }

    public string? Model { get; init; }

    public long? GroupId { get; init; }

    /// <summary><see cref="Answered"/>, <see cref="Failed"/>, an HTTP status, or the code of a refusal.</summary>
    public string? Status { get; init; }

    /// <summary>The only request to list, whatever else is asked.</summary>
    public string? RequestId { get; init; }

    /// <summary>The request whose details are open beside the list, which needs not be on it.</summary>
    public string? Opened { get; init; }

    public long? Before { get; init; }

    public long? After { get; init; }

    /// <summary>New lines come by themselves.</summary>
    public bool IsLive { get; init; }

    public static LogAddress Default { get; } = new();

    /// <summary>The same from its newest request on.</summary>
    public LogAddress FirstPage => List with { Before = null, After = null };

    /// <summary>The same without details.</summary>
    public LogAddress List => this with { Opened = null };

    /// <summary>Somebody chose the times.</summary>
    public bool HasOwnRange => (From ?? To) is not null;

    /// <summary>Something is asked for beyond a time.</summary>
    public bool IsFiltered => this with { Range = Day, From = null, To = null, Before = null, After = null, IsLive = false, Opened = null } != Default;

    /// <summary>New requests can belong to it.</summary>
    public bool CanBeLive(DateTimeOffset now) => RequestId is null && (To is not { } end || end > now);

    /// <param name="query">A query string's values by their names.</param>
    public static LogAddress Read(Func<string, string?> query) => new()
    {
        Range = Ranges.Any(r => r.Slug == query("range")) ? query("range")! : Day,
        From = ReadInstant(query("from")),
        To = ReadInstant(query("to")),
        AccountId = ReadId(query("account")),
        KeyId = ReadId(query("key")),
        Model = ReadModel(query("model")),
        GroupId = ReadId(query("group")),
        Status = ReadText(query("status")),
        RequestId = ReadText(query("id")),
        Opened = ReadText(query("request")),
        Before = ReadId(query("before")),
        After = ReadId(query("after")),
        IsLive = query("live") == "on",
    };

    public LogQuery ToQuery(DateTimeOffset now) => new(
        From ?? (To is null ? now - Ranges.First(r => r.Slug == Range).Length : DateTimeOffset.UnixEpoch),
        To, AccountId, KeyId, Model, GroupId,
        Status switch { Answered => LogOutcome.Answered, Failed => LogOutcome.Failed, _ => null },
        Status is Answered or Failed || HttpStatus is not null ? null : Status,
        RequestId, Before, After, HttpStatus);

    private int? HttpStatus => int.TryParse(Status, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>The part of the address behind <c>logs</c>; empty for the default.</summary>
    /// <param name="export">For the address of an export.</param>
    public string ToQueryString(Guid? export = null)
    {
        var parts = new QueryBuilder();
        Add(parts, "range", Range == Day || HasOwnRange ? null : Range);
        Add(parts, "from", From?.UtcDateTime.ToString(Instant, CultureInfo.InvariantCulture));
        Add(parts, "to", To?.UtcDateTime.ToString(Instant, CultureInfo.InvariantCulture));
        Add(parts, "account", Text(AccountId));
        Add(parts, "key", Text(KeyId));
        Add(parts, "model", Model);
        Add(parts, "group", Text(GroupId));
        Add(parts, "status", Status);
        Add(parts, "id", RequestId);
        Add(parts, "before", export is null ? Text(Before) : null);
        Add(parts, "after", export is null ? Text(After) : null);
        Add(parts, "live", IsLive && export is null ? "on" : null);
        Add(parts, "request", export is null ? Opened : null);
        Add(parts, "export", export?.ToString());
        return parts.ToString();
    }

    private static void Add(QueryBuilder parts, string name, string? value)
    {
        if (value is not null)
        {
            parts.Add(name, value);
        }
    }

    private static string? Text(long? id) => id?.ToString(CultureInfo.InvariantCulture);

    private static long? ReadId(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    private static DateTimeOffset? ReadInstant(string? text) =>
        DateTimeOffset.TryParseExact(text, Instant, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant : null;

    private static string? ReadText(string? text) => ReadModel(text)?.Trim();

    /// <summary>
    /// To the letter: a blank at its end may be why it was not found. A secret that somebody put there by hand is no name of
    /// anything, and is not repeated.
    /// </summary>
    private static string? ReadModel(string? text) => string.IsNullOrWhiteSpace(text) || PastedSecret.IsIn(text) ? null : text;
}
