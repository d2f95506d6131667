using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Paging;

namespace NexLlm.Dashboard.Components.Urls;

/// <summary>
/// Everything about the history that stands in its address, so that back, reload and a shared link show the same. What an address
/// gets wrong is read as the default.
/// </summary>
/// <param name="Kind">Null is every kind.</param>
/// <param name="Action">One action of the audit, which leaves no kind to choose; null is all of the kind.</param>
/// <param name="AccountId">Null is every account that the person may see.</param>
/// <param name="Part">What that account has to do with it.</param>
/// <param name="KeyId">Null is every key.</param>
/// <param name="From">The first day, of the person's zone.</param>
/// <param name="To">The last day, which counts as a whole.</param>
/// <param name="Cursor">Where the page begins.</param>
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

    /// <summary>How many events a page has.</summary>
    public const int PageSize = 25;

    public static HistoryAddress Default { get; } = new();

    public static IEnumerable<(HistoryKind Kind, string Label)> Kinds => _kinds.Select(k => (k.Kind, k.Label));

    public static IEnumerable<(AccountPart Part, string Label)> Parts => _parts.Select(p => (p.Part, p.Label));

    /// <summary>What is looked for: the slug of a kind, or the name of an action. Null is everything.</summary>
    public string? What => Action ?? _kinds.FirstOrDefault(k => k.Kind == Kind).Slug;

    /// <summary>Whether it shows everything there is.</summary>
    public bool IsUnfiltered => this with { Cursor = null } == Default;

    public static HistoryAddress Of(long? account = null, long? key = null) => new(AccountId: account, KeyId: key);

    public static HistoryAddress Read(string? what, string? account, string? part, string? key, string? from, string? to, string? cursor) =>
        new HistoryAddress(
            AccountId: QueryText.ReadId(account), Part: _parts.FirstOrDefault(p => p.Slug == part, _parts[0]).Part, KeyId: QueryText.ReadId(key),
            From: QueryText.ReadDay(from), To: QueryText.ReadDay(to), Cursor: PageCursor.Parse(cursor)).About(what);

    /// <summary>The part of the address behind <c>history</c>; empty for the default.</summary>
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

    /// <summary>The name of a kind; null if this is no kind's slug.</summary>
    public static string? LabelOf(string slug) => _kinds.FirstOrDefault(k => k.Slug == slug).Label;

    /// <summary>Looks for this kind or action; for everything, if it is neither.</summary>
    public HistoryAddress About(string? what) => this with
    {
        Kind = _kinds.Where(k => k.Slug == what).Select(k => (HistoryKind?)k.Kind).FirstOrDefault(),
        Action = what is not null && HistoryKinds.Knows(what) ? what : null,
    };

    public HistoryAddress At(PageCursor? cursor) => this with { Cursor = cursor };

    /// <summary>What it asks the history for; its days are those of the person's zone.</summary>
    public AuditQuery ToQuery(TimeZoneInfo zone) => new(
        Action is { } action ? [action] : Kind is { } kind ? HistoryKinds.ActionsOf(kind) : null, AccountId, Part, KeyId,
        From is { } from ? LocalDay.Start(from, zone) : null,
        To is { } to && to < DateOnly.MaxValue ? LocalDay.Start(to.AddDays(1), zone) : null,
        Cursor, PageSize);
}
