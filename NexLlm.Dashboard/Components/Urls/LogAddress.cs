using System.Globalization;
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
        From = QueryText.ReadInstant(query("from")),
        To = QueryText.ReadInstant(query("to")),
        AccountId = QueryText.ReadId(query("account")),
        KeyId = QueryText.ReadId(query("key")),
        // To the letter: a blank at its end may be why it was not found.
        Model = QueryText.ReadName(query("model")),
        GroupId = QueryText.ReadId(query("group")),
        Status = ReadText(query("status")),
        RequestId = ReadText(query("id")),
        Opened = ReadText(query("request")),
        Before = QueryText.ReadId(query("before")),
        After = QueryText.ReadId(query("after")),
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
        var list = new QueryText()
            .Add("range", Range == Day || HasOwnRange ? null : Range)
            .Add("from", From)
            .Add("to", To)
            .Add("account", AccountId)
            .Add("key", KeyId)
            .Add("model", Model)
            .Add("group", GroupId)
            .Add("status", Status)
            .Add("id", RequestId);
        return export is { } file
            ? list.Add("export", file.ToString()).ToString()
            : list.Add("before", Before).Add("after", After).Add("live", IsLive ? "on" : null).Add("request", Opened).ToString();
    }

    private static string? ReadText(string? text) => QueryText.ReadName(text)?.Trim();
}
