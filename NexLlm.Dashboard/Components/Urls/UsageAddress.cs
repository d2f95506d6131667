using System.Globalization;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Usage.Statistics;

namespace NexLlm.Dashboard.Components.Urls;

/// <summary>The state of the usage page that is part of its URL. Invalid values are read as the default.</summary>
/// <param name="Range">The time range.</param>
/// <param name="Step">The resolution of the time axis.</param>
/// <param name="Grouping">What each series represents.</param>
/// <param name="Measure">The charted figure.</param>
/// <param name="Scope">The key, account or accounts; null for the last selection.</param>
/// <param name="Only">The slug of the only charted series; null for all of them.</param>
public sealed record UsageAddress(
    UsageRange Range, UsageStep Step, UsageGrouping Grouping = UsageGrouping.Model, UsageMeasure Measure = UsageMeasure.Charged,
    UsageScope? Scope = null, string? Only = null)
{
    public const int DefaultDays = 7;

    /// <summary>The number of models or keys with their own color; the rest is combined.</summary>
    public const int MostShares = 5;

    /// <summary>The longest range that can be shown by hour.</summary>
    public const int MostDaysByHour = 31;

    private const int LongestName = 200;

    private static readonly Slugs<UsageMeasure> _measures = new(
        (UsageMeasure.Charged, "charged"), (UsageMeasure.Requests, "requests"), (UsageMeasure.Input, "input"), (UsageMeasure.Output, "output"));

    /// <summary>The selectable ranges that end now.</summary>
    public static IReadOnlyList<int> Days { get; } = [1, 7, 30];

    /// <summary>All selectable ranges with their slugs.</summary>
    public static IReadOnlyList<(string Slug, string Label, UsageRange Range)> Ranges { get; } =
    [
        .. Days.Select(days => (days.ToString(CultureInfo.InvariantCulture), days == 1 ? "24h" : $"{days}d", (UsageRange)new UsageRange.Last(days))),
        ("month", "Month to date", new UsageRange.Month(0)),
        ("last-month", "Last month", new UsageRange.Month(1)),
    ];

    public static UsageAddress Default { get; } = new(new UsageRange.Last(DefaultDays), UsageStep.Day);

    public bool MayBeByHour => DaysOf(Range) <= MostDaysByHour;

    /// <summary>The range's slug; null for a custom range.</summary>
    public string? RangeSlug => Ranges.FirstOrDefault(r => r.Range == Range).Slug;

    /// <param name="query">Returns a query string's value by name.</param>
    public static UsageAddress Read(Func<string, string?> query)
    {
        var range = ReadDate(query("from")) is { } first && ReadDate(query("to")) is { } final && final.DayNumber - first.DayNumber is >= 0 and < UsageRange.MaxDays
            ? new UsageRange.Between(first, final)
            : Ranges.FirstOrDefault(r => r.Slug == query("days"), Ranges.Single(r => r.Range == Default.Range)).Range;
        return new(
            range,
            query("step") switch
            {
                "hour" when DaysOf(range) <= MostDaysByHour => UsageStep.Hour,
                "day" => UsageStep.Day,
                _ => UsualStep(range),
            },
            query("by") == "key" ? UsageGrouping.Key : UsageGrouping.Model,
            _measures.Read(query("show")),
            query("of") switch
            {
                ScopeChoice.All => new UsageScope.Everybody(),
                ScopeChoice.Mine => new UsageScope.Own(),
                var whose when QueryText.ReadId(whose) is { } account => new UsageScope.OfAccount(account),
                _ => null,
            },
            query("only") is { Length: > 0 and <= LongestName } only ? only : null);
    }

    /// <summary>The last 1, 7 or 30 days, as given in a URL.</summary>
    public static int ReadDays(string? days) => Days.FirstOrDefault(d => d.ToString(CultureInfo.InvariantCulture) == days, DefaultDays);

    /// <summary>The default step, by hour or by day.</summary>
    public static UsageStep UsualStep(UsageRange range) => DaysOf(range) == 1 ? UsageStep.Hour : UsageStep.Day;

    /// <param name="usual">The scope if the URL has none.</param>
    public UsageQuery Question(UsageScope usual) => new(Scope ?? usual, Range, Step, Grouping, Measure, MostShares, WithPrevious: true);

    /// <summary>The part of the URL after <c>usage</c>; empty for the default.</summary>
    public string ToQueryString()
    {
        var text = new QueryText();
        if (Range is UsageRange.Between(var first, var final))
        {
            text.Add("from", first).Add("to", final);
        }
        else if (Range != Default.Range)
        {
            text.Add("days", RangeSlug ?? throw new InvalidOperationException("This range has no name."));
        }

        return text
            .Add("step", Step == UsualStep(Range) ? null : Step is UsageStep.Hour ? "hour" : "day")
            .Add("by", Grouping is UsageGrouping.Key ? "key" : null)
            .Add("show", _measures.Write(Measure))
            .Add("of", ScopeSlug)
            .Add("only", Only)
            .ToString();
    }

    /// <summary>The scope in the URL; null if there is none.</summary>
    public string? ScopeSlug => Scope switch
    {
        UsageScope.Everybody => ScopeChoice.All,
        UsageScope.Own => ScopeChoice.Mine,
        UsageScope.OfAccount(var account) => account.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };

    public UsageAddress Over(UsageRange range) => this with { Range = range, Step = UsualStep(range) };

    /// <summary>Another grouping resets the selected series.</summary>
    public UsageAddress By(UsageGrouping grouping) => this with { Grouping = grouping, Only = null };

    public UsageAddress Of(UsageScope scope) => this with { Scope = scope, Only = null };

    private static DateOnly? ReadDate(string? text) =>
        QueryText.ReadDay(text) is { Year: > 1 and < 9999 } date ? date : null;

    private static int DaysOf(UsageRange range) => range switch
    {
        UsageRange.Between(var first, var final) => final.DayNumber - first.DayNumber + 1,
        UsageRange.Last(var days) => days,
        UsageRange.Month => MostDaysByHour,
        _ => throw new ArgumentOutOfRangeException(nameof(range)),
    };
}
