namespace NexLlm.Dashboard.Usage.Statistics;

/// <summary>A query for usage.</summary>
/// <param name="Scope">The key, account or accounts to include.</param>
/// <param name="Range">The time range.</param>
/// <param name="Step">The resolution of the time axis.</param>
/// <param name="Grouping">What each series represents.</param>
/// <param name="Measure">The figure that ranks the series. All figures are returned.</param>
/// <param name="Most">The number of models and keys listed separately, 1 to <see cref="UsageReport.MostShares"/>; the rest is combined.</param>
/// <param name="WithPrevious">Whether to include the previous period.</param>
public sealed record UsageQuery(
    UsageScope Scope,
    UsageRange Range,
    UsageStep Step = UsageStep.Day,
    UsageGrouping Grouping = UsageGrouping.Model,
    UsageMeasure Measure = UsageMeasure.Charged,
    int Most = UsageReport.MostShares,
    bool WithPrevious = false);

/// <summary>The key, account or accounts a query covers.</summary>
public abstract record UsageScope
{
    private UsageScope()
    {
    }

    /// <summary>The actor's own account.</summary>
    public sealed record Own : UsageScope;

    /// <summary>One account; other accounts than one's own for administrators only.</summary>
    public sealed record OfAccount(long Id) : UsageScope;

    /// <summary>All accounts together; administrators only.</summary>
    public sealed record Everybody : UsageScope;

    /// <summary>One key, live or deleted; administrators can query any, owners their own.</summary>
    public sealed record OfKey(long Id) : UsageScope;
}

/// <summary>A range in the user's calendar, of at most <see cref="MaxDays"/> days.</summary>
public abstract record UsageRange
{
    public const int MaxDays = 92;

    private UsageRange()
    {
    }

    /// <summary>
    /// The given number of days including today. One day means the last 24 hours including the current one, because a day that
    /// has just begun says little.
    /// </summary>
    public sealed record Last(int Days) : UsageRange;

    /// <summary>From the start of the first day to the end of the last.</summary>
    public sealed record Between(DateOnly First, DateOnly Final) : UsageRange;

    /// <summary>A calendar month: 0 is the current one up to today, 1 the previous one.</summary>
    public sealed record Month(int Ago) : UsageRange;
}

/// <summary>The resolution of the time axis, in the user's time zone.</summary>
public enum UsageStep
{
    Hour,
    Day,
}

public enum UsageMeasure
{
    Charged,
    Requests,
    Input,
    Output,
}

/// <summary>What each series represents.</summary>
public enum UsageGrouping
{
    Model,
    Key,
}
