using System.Globalization;
using Microsoft.AspNetCore.Http.Extensions;
using NexLlm.Dashboard.Usage.Statistics;

namespace NexLlm.Dashboard.Components.Usage;

/// <summary>Everything about the usage page that stands in its address. What an address gets wrong is read as the default.</summary>
public sealed record UsageAddress(UsageQuestion Question)
{
    public const int DefaultDays = 7;

    /// <summary>More hours than this has nobody ever looked at one by one.</summary>
    public const int MostDaysByHour = 31;

    private const string DateForm = "yyyy-MM-dd";
    private const string All = "all";

    /// <summary>The ranges to choose from.</summary>
    public static IReadOnlyList<int> Days { get; } = [1, 7, 14, 29];

    /// <summary>The months to choose from, by how the address calls them.</summary>
    internal static List<(string Slug, UsageRange? Range)> Months { get; } = [("month", new UsageRange.Month(0)), ("last-month", new UsageRange.Month(1))];

    public static UsageAddress Default { get; } = new(new UsageQuestion(new UsageScope.Own(), new UsageRange.Last(DefaultDays)));

    public bool MayBeByHour => DaysOf(Question.Range) <= MostDaysByHour;

    public static UsageAddress Read(string? days, string? from, string? to, string? step, string? grouping, string? measure, string? whose)
    {
        UsageRange range = ReadDate(from) is { } first && ReadDate(to) is { } final && final.DayNumber - first.DayNumber is >= 0 and < UsageRange.MaxDays
            ? new UsageRange.Between(first, final)
            : Months.Find(m => m.Slug == days).Range ?? (UsageRange)new UsageRange.Last(Days.FirstOrDefault(d => d.ToString(CultureInfo.InvariantCulture) == days, DefaultDays));
        return new(
            new UsageQuestion(
                whose switch
                {
                    All => new UsageScope.Everybody(),
                    _ when long.TryParse(whose, NumberStyles.None, CultureInfo.InvariantCulture, out var account) => new UsageScope.OfAccount(account),
                    _ => new UsageScope.Own(),
                },
                range,
                step switch
                {
                    "hour" when DaysOf(range) <= MostDaysByHour => UsageStep.Hour,
                    "day" => UsageStep.Day,
                    _ => UsualStep(range),
                },
                grouping == "key" ? UsageGrouping.Key : UsageGrouping.Model,
                UsageMeasures.All.FirstOrDefault(m => m.Slug == measure).Measure));
    }

    /// <summary>The part of the address behind <c>usage</c>; empty for the default.</summary>
    public string ToQueryString()
    {
        var parts = new QueryBuilder();
        switch (Question.Range)
        {
            case UsageRange.Last(var days) when days != DefaultDays:
                parts.Add("days", days.ToString(CultureInfo.InvariantCulture));
                break;
            case UsageRange.Month:
                parts.Add("days", Months.Find(m => m.Range == Question.Range).Slug);
                break;
            case UsageRange.Between(var first, var final):
                parts.Add("from", first.ToString(DateForm, CultureInfo.InvariantCulture));
                parts.Add("to", final.ToString(DateForm, CultureInfo.InvariantCulture));
                break;
        }

        if (Question.Step != UsualStep(Question.Range))
        {
            parts.Add("step", Question.Step is UsageStep.Hour ? "hour" : "day");
        }

        if (Question.Grouping is UsageGrouping.Key)
        {
            parts.Add("by", "key");
        }

        if (Question.Measure is not UsageMeasure.Charged)
        {
            parts.Add("show", UsageMeasures.All.Single(m => m.Measure == Question.Measure).Slug);
        }

        if (Question.Scope is UsageScope.Everybody or UsageScope.OfAccount)
        {
            parts.Add("of", Question.Scope is UsageScope.OfAccount(var account) ? account.ToString(CultureInfo.InvariantCulture) : All);
        }

        return parts.ToString();
    }

    public UsageAddress Over(UsageRange range) => this with { Question = Question with { Range = range, Step = UsualStep(range) } };

    public UsageAddress By(UsageStep step) => this with { Question = Question with { Step = step } };

    public UsageAddress By(UsageGrouping grouping) => this with { Question = Question with { Grouping = grouping } };

    public UsageAddress By(UsageMeasure measure) => this with { Question = Question with { Measure = measure } };

    public UsageAddress Of(UsageScope scope) => this with { Question = Question with { Scope = scope } };

    public static DateOnly? ReadDate(string? text) =>
        DateOnly.TryParseExact(text, DateForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date.Year is > 1 and < 9999 ? date : null;

    public static string WriteDate(DateOnly date) => date.ToString(DateForm, CultureInfo.InvariantCulture);

    private static UsageStep UsualStep(UsageRange range) => DaysOf(range) == 1 ? UsageStep.Hour : UsageStep.Day;

    private static int DaysOf(UsageRange range) => range switch
    {
        UsageRange.Between(var first, var final) => final.DayNumber - first.DayNumber + 1,
        UsageRange.Last(var days) => days,
        UsageRange.Month => MostDaysByHour,
        _ => throw new ArgumentOutOfRangeException(nameof(range)),
    };
}
