namespace NexLlm.Dashboard.Usage.Statistics;

/// <summary>The answer to a <see cref="UsageQuery"/>. All figures are the ledger's, whole and exact.</summary>
/// <param name="Whose">The account's e-mail address or the key's name, if one is asked for.</param>
/// <param name="Starts">Where each hour or day of the series begins, as the person's clocks have it; ascending.</param>
/// <param name="End">Where the last one ends.</param>
/// <param name="Series">The largest by the measure asked for first, then what is left over in one; their sum is the total.</param>
/// <param name="Models">The share of each model, as the series are ordered.</param>
/// <param name="Keys">The share of each key; empty if one key is asked for.</param>
/// <param name="Total">Everything in the range.</param>
/// <param name="Elapsed">How much of the range is over; nothing of one that has not begun.</param>
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
    /// <summary>So many are told apart; the others are one.</summary>
    public const int MostShares = 8;

    /// <summary>The period before, up to as much of it as of the range is over; null if it was not asked for.</summary>
    public PreviousUsage? Previous { get; init; }

    /// <summary>All series together, one for each of <see cref="Starts"/>.</summary>
    public IReadOnlyList<UsageFigures> Totals => [.. Starts.Select((_, i) => Series.Aggregate(default(UsageFigures), (sum, series) => sum + series.Figures[i]))];

    /// <summary>Where what is counted ends: now, or at the end of a range that is over.</summary>
    public DateTimeOffset CountedTo => Starts[0] + Elapsed;

    public double RequestsPerMinute => Total.Requests / Minutes;

    /// <summary>Tokens in and out, not the charged ones.</summary>
    public double TokensPerMinute => (Total.InputTokens + Total.OutputTokens) / Minutes;

    private double Minutes => Math.Max(1, Elapsed.TotalMinutes);
}

/// <summary>What was used in the period before.</summary>
/// <param name="Starts">Where each of its hours or days begins; not always as many as in the range: months differ, and days on which clocks change.</param>
/// <param name="Totals">One for each of them.</param>
/// <param name="Total">Up to where the range has come, to a quarter of an hour: what its total is to be compared with.</param>
public sealed record PreviousUsage(IReadOnlyList<DateTimeOffset> Starts, IReadOnlyList<UsageFigures> Totals, UsageFigures Total)
{
    /// <summary>The relative change: 0.25 is a quarter more, -1 a drop to nothing; null if there was nothing before.</summary>
    public double? Change(UsageMeasure measure, UsageFigures now) =>
        Total[measure] == 0 ? null : (double)(now[measure] - Total[measure]) / Total[measure];
}

/// <summary>What is counted.</summary>
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

/// <summary>A model's or a key's part.</summary>
/// <param name="Name">The model's or the key's; null for what is left over.</param>
/// <param name="Total">What it used in the range.</param>
/// <param name="KeyId">Null of models and of what is left over.</param>
/// <param name="Owner">The e-mail address of the key's owner, where everybody's keys are asked for.</param>
/// <param name="OwnerId">The owner's account, likewise.</param>
/// <param name="IsDeleted">The key is deleted; what it used still counts.</param>
public sealed record UsageShare(
    string? Name, UsageFigures Total, long? KeyId = null, string? Owner = null, long? OwnerId = null, bool IsDeleted = false);

/// <summary>A share over time.</summary>
/// <param name="Of">Whose.</param>
/// <param name="Figures">One for each of <see cref="UsageReport.Starts"/>.</param>
public sealed record UsageSeries(UsageShare Of, IReadOnlyList<UsageFigures> Figures);
