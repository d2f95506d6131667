using System.Globalization;
using NexLlm.Dashboard.Logs;

namespace NexLlm.Dashboard.Components.Urls;

/// <summary>
/// The state of the log that is part of its URL, so that back, reload and shared links show the same. Invalid values are read as
/// the default.
/// </summary>
public sealed record LogAddress
{
    public const string Answered = "answered";
    public const string Failed = "failed";

    private const string Day = "24h";

    /// <summary>The selectable ranges that end now.</summary>
    public static IReadOnlyList<(string Slug, string Label, TimeSpan Length)> Ranges { get; } =
    [
        ("1h", "Last hour", TimeSpan.FromHours(1)), (Day, "Last 24 hours", LogQuery.DefaultRange),
        ("7d", "Last 7 days", TimeSpan.FromDays(7)), ("30d", "Last 30 days", TimeSpan.FromDays(30)),
    ];

    /// <summary>One of <see cref="Ranges"/>; ignored if <see cref="From"/> or <see cref="To"/> is set.</summary>
    public string Range { get; init; } = Day;

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }

    public long? AccountId { get; init; }

    public long? KeyId { get; init; }

    public string? Model { get; init; }

    public long? GroupId { get; init; }

    /// <summary><see cref="Answered"/>, <see cref="Failed"/>, an HTTP status, or an error code.</summary>
    public string? Status { get; init; }

    /// <summary>The only request to list, regardless of the other filters.</summary>
    public string? RequestId { get; init; }

    /// <summary>The request whose details are open beside the list; it need not be listed.</summary>
    public string? Opened { get; init; }

    public long? Before { get; init; }

    public long? After { get; init; }

    /// <summary>Whether new lines are shown as they arrive.</summary>
    public bool IsLive { get; init; }

    public static LogAddress Default { get; } = new();

    /// <summary>The same, starting with its newest request.</summary>
    public LogAddress FirstPage => List with { Before = null, After = null };

    /// <summary>The same without details.</summary>
    public LogAddress List => this with { Opened = null };

    /// <summary>Whether a custom range is set.</summary>
    public bool HasOwnRange => (From ?? To) is not null;

    /// <summary>Whether anything but a time is filtered.</summary>
    public bool IsFiltered => this with { Range = Day, From = null, To = null, Before = null, After = null, IsLive = false, Opened = null } != Default;

    /// <summary>Whether new requests can match.</summary>
    public bool CanBeLive(DateTimeOffset now) => RequestId is null && (To is not { } end || end > now);

    /// <param name="query">Returns a query string's value by name.</param>
    public static LogAddress Read(Func<string, string?> query) => new()
    {
        Range = Ranges.Any(r => r.Slug == query("range")) ? query("range")! : Day,
        From = QueryText.ReadInstant(query("from")),
        To = QueryText.ReadInstant(query("to")),
        AccountId = QueryText.ReadId(query("account")),
        KeyId = QueryText.ReadId(query("key")),
        // Exact, because a trailing space may be why the model was not found.
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

    /// <summary>The part of the URL after <c>logs</c>; empty for the default.</summary>
    /// <param name="export">Set for the URL of an export.</param>
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
