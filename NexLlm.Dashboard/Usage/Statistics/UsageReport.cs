namespace NexLlm.Dashboard.Usage.Statistics;

/// <summary>The result of a <see cref="UsageQuery"/>. All figures come from the ledger, complete and exact.</summary>
/// <param name="Whose">The account's email or the key's name, if the query is for one.</param>
/// <param name="Starts">The start of each hour or day of the series, in the user's time zone; ascending.</param>
/// <param name="End">The end of the last one.</param>
/// <param name="Series">The largest by the query's measure first, then the rest combined; their sum is the total.</param>
/// <param name="Models">The share of each model, in the order of the series.</param>
/// <param name="Keys">The share of each key; empty if the query is for one key.</param>
/// <param name="Total">The sum over the whole range.</param>
/// <param name="Elapsed">The elapsed part of the range; zero if it hasn't started.</param>
public sealed record UsageReport(
    string? Whose,
    IReadOnlyList<DateTimeOffset> Starts,
    DateTimeOffset End,
    IReadOnlyList<UsageSeries> Series,
    IReadOnlyList<UsageShare> Models,
    IReadOnlyList<UsageShare> Keys,
    UsageFigures Total,
    TimeSpan Elapsed)
{
    /// <summary>The maximum number of shares listed separately; the rest is combined.</summary>
    public const int MostShares = 8;

    /// <summary>The previous period, up to the same elapsed part as the range; null if not requested.</summary>
    public PreviousUsage? Previous { get; init; }

    /// <summary>The sum of all series for each of <see cref="Starts"/>.</summary>
    public IReadOnlyList<UsageFigures> Totals => [.. Starts.Select((_, i) => Series.Aggregate(default(UsageFigures), (sum, series) => sum + series.Figures[i]))];

    /// <summary>The end of the counted time: now, or the end of a past range.</summary>
    public DateTimeOffset CountedTo => Starts[0] + Elapsed;

    public double RequestsPerMinute => Total.Requests / Minutes;

    /// <summary>Input and output tokens, not charged ones.</summary>
    public double TokensPerMinute => (Total.InputTokens + Total.OutputTokens) / Minutes;

    private double Minutes => Math.Max(1, Elapsed.TotalMinutes);
}

/// <summary>The usage of the previous period.</summary>
/// <param name="Starts">
/// The start of each hour or day. Their number may differ from the range's, because of the lengths of months and clock changes.
/// </param>
/// <param name="Totals">One per start.</param>
/// <param name="Total">The sum up to the range's elapsed time, to a quarter of an hour, for comparison with its total.</param>
public sealed record PreviousUsage(IReadOnlyList<DateTimeOffset> Starts, IReadOnlyList<UsageFigures> Totals, UsageFigures Total)
{
    /// <summary>The relative change: 0.25 is a quarter more, -1 a drop to zero; null if there was no usage before.</summary>
    public double? Change(UsageMeasure measure, UsageFigures now) =>
        Total[measure] == 0 ? null : (double)(now[measure] - Total[measure]) / Total[measure];
}

public readonly record struct UsageFigures(long Requests, long InputTokens, long OutputTokens, long ChargedTokens)
{
    public long this[UsageMeasure measure] => measure switch
    {
        UsageMeasure.Charged => ChargedTokens,
        UsageMeasure.Requests => Requests,
        UsageMeasure.Input => InputTokens,
        UsageMeasure.Output => OutputTokens,
    };

    public static UsageFigures operator +(UsageFigures a, UsageFigures b) => new(
        a.Requests + b.Requests, a.InputTokens + b.InputTokens, a.OutputTokens + b.OutputTokens, a.ChargedTokens + b.ChargedTokens);
}

/// <summary>The share of a model or a key.</summary>
/// <param name="Name">The name of the model or key; null for the combined rest.</param>
/// <param name="Total">Its usage in the range.</param>
/// <param name="KeyId">Null for models and the combined rest.</param>
/// <param name="Owner">The email of the key's owner, if the query covers all accounts.</param>
/// <param name="OwnerId">The owner's account, likewise.</param>
/// <param name="IsDeleted">Whether the key is deleted; its usage still counts.</param>
public sealed record UsageShare(
    string? Name, UsageFigures Total, long? KeyId = null, string? Owner = null, long? OwnerId = null, bool IsDeleted = false);

/// <summary>A share over time.</summary>
/// <param name="Of">The share.</param>
/// <param name="Figures">One per <see cref="UsageReport.Starts"/>.</param>
public sealed record UsageSeries(UsageShare Of, IReadOnlyList<UsageFigures> Figures);
