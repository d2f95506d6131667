using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Paging;

namespace NexLlm.Dashboard.Components.Urls;

/// <summary>
/// The state of the activity log that is part of its URL, so that back, reload and shared links show the same. Invalid values are
/// read as the default.
/// </summary>
/// <param name="Kind">Null for every kind.</param>
/// <param name="Action">A single audit action, which replaces the kind; null for all actions of the kind.</param>
/// <param name="AccountId">Null for every account the user can see.</param>
/// <param name="Part">The account's role in the events.</param>
/// <param name="KeyId">Null for every key.</param>
/// <param name="From">The first day, in the user's time zone.</param>
/// <param name="To">The last day, inclusive.</param>
/// <param name="Cursor">The start of the page.</param>
public sealed record HistoryAddress(
    HistoryKind? Kind = null, string? Action = null, long? AccountId = null, AccountPart Part = AccountPart.Any, long? KeyId = null,
    DateOnly? From = null, DateOnly? To = null, PageCursor? Cursor = null)
{
    private static readonly (HistoryKind Kind, string Slug, string Label)[] _kinds =
    [
        (HistoryKind.Keys, "keys", "Keys"), (HistoryKind.Accounts, "accounts", "Accounts and quotas"), (HistoryKind.LogIns, "log-ins", "Sessions and passwords"),
        (HistoryKind.Channels, "channels", "Channels and groups"), (HistoryKind.Other, "other", "Other"),
    ];

    private static readonly (AccountPart Part, string Slug, string Label)[] _parts =
    [
        (AccountPart.Any, "any", "Actor or target"), (AccountPart.Actor, "actor", "Actor"), (AccountPart.Subject, "subject", "Target"),
    ];

    /// <summary>The number of events per page.</summary>
    public const int PageSize = 25;

    public static HistoryAddress Default { get; } = new();

    public static IEnumerable<(HistoryKind Kind, string Label)> Kinds => _kinds.Select(k => (k.Kind, k.Label));

    public static IEnumerable<(AccountPart Part, string Label)> Parts => _parts.Select(p => (p.Part, p.Label));

    /// <summary>The filter: the slug of a kind or the name of an action. Null for everything.</summary>
    public string? What => Action ?? _kinds.FirstOrDefault(k => k.Kind == Kind).Slug;

    /// <summary>Whether no filter is set.</summary>
    public bool IsUnfiltered => this with { Cursor = null } == Default;

    public static HistoryAddress Of(long? account = null, long? key = null) => new(AccountId: account, KeyId: key);

    public static HistoryAddress Read(string? what, string? account, string? part, string? key, string? from, string? to, string? cursor) =>
        new HistoryAddress(
            AccountId: QueryText.ReadId(account), Part: _parts.FirstOrDefault(p => p.Slug == part, _parts[0]).Part, KeyId: QueryText.ReadId(key),
            From: QueryText.ReadDay(from), To: QueryText.ReadDay(to), Cursor: PageCursor.Parse(cursor)).About(what);

    /// <summary>The part of the URL after <c>history</c>; empty for the default.</summary>
    public string ToQueryString() => new QueryText()
        .Add("what", What)
        .Add("account", AccountId)
        .Add("as", Part is AccountPart.Any ? null : _parts.First(p => p.Part == Part).Slug)
        .Add("key", KeyId)
        .Add("from", From)
        .Add("to", To)
        .Add("at", Cursor?.ToString())
        .ToString();

    public static string SlugOf(HistoryKind kind) => _kinds.First(k => k.Kind == kind).Slug;

    /// <summary>The label of a kind; null if the slug is unknown.</summary>
    public static string? LabelOf(string slug) => _kinds.FirstOrDefault(k => k.Slug == slug).Label;

    /// <summary>Filters by this kind or action; without a match, by nothing.</summary>
    public HistoryAddress About(string? what) => this with
    {
        Kind = _kinds.Where(k => k.Slug == what).Select(k => (HistoryKind?)k.Kind).FirstOrDefault(),
        Action = what is not null && HistoryKinds.Knows(what) ? what : null,
    };

    public HistoryAddress At(PageCursor? cursor) => this with { Cursor = cursor };

    /// <summary>The query for the audit; its days are in the user's time zone.</summary>
    public AuditQuery ToQuery(TimeZoneInfo zone) => new(
        Action is { } action ? [action] : Kind is { } kind ? HistoryKinds.ActionsOf(kind) : null, AccountId, Part, KeyId,
        From is { } from ? LocalDay.Start(from, zone) : null,
        To is { } to && to < DateOnly.MaxValue ? LocalDay.Start(to.AddDays(1), zone) : null,
        Cursor, PageSize);
}
