namespace NexLlm.Dashboard.Usage.Statistics;

/// <summary>A query for usage.</summary>
/// <param name="Scope">Whose.</param>
/// <param name="Range">When.</param>
/// <param name="Step">How fine the time axis is.</param>
/// <param name="Grouping">What the series are.</param>
/// <param name="Measure">By which figure the largest are told from the others. All figures are answered.</param>
/// <param name="Most">So many models and keys are told apart, 1 to <see cref="UsageReport.MostShares"/>; the others are one.</param>
/// <param name="WithPrevious">Whether the period before is answered, too.</param>
public sealed record UsageQuery(
    UsageScope Scope,
    UsageRange Range,
    UsageStep Step = UsageStep.Day,
    UsageGrouping Grouping = UsageGrouping.Model,
    UsageMeasure Measure = UsageMeasure.Charged,
    int Most = UsageReport.MostShares,
    bool WithPrevious = false);

/// <summary>Whose use.</summary>
public abstract record UsageScope
{
    private UsageScope()
    {
    }

    /// <summary>The actor's account's.</summary>
    public sealed record Own : UsageScope;

    /// <summary>One account's; of another's than the own, administrators only.</summary>
    public sealed record OfAccount(long Id) : UsageScope;

    /// <summary>All accounts' together; administrators only.</summary>
    public sealed record Everybody : UsageScope;

    /// <summary>One key's, live or deleted: the owner's, or any for administrators.</summary>
    public sealed record OfKey(long Id) : UsageScope;
}

/// <summary>A stretch of the person's calendar, of at most <see cref="MaxDays"/> days.</summary>
public abstract record UsageRange
{
    public const int MaxDays = 92;

    private UsageRange()
    {
    }

    /// <summary>So many days with today; one is the last 24 hours with this one, since a day that has just begun says nothing.</summary>
    public sealed record Last(int Days) : UsageRange;

    /// <summary>From the beginning of the one day to the end of the other.</summary>
    public sealed record Between(DateOnly First, DateOnly Final) : UsageRange;

    /// <summary>A month of the calendar: 0 is this one up to today, 1 the last one.</summary>
    public sealed record Month(int Ago) : UsageRange;
}

/// <summary>How fine the time axis is, by the person's clocks.</summary>
public enum UsageStep
{
    Hour,
    Day,
}

/// <summary>One of the figures.</summary>
public enum UsageMeasure
{
    Charged,
    Requests,
    Input,
    Output,
}

/// <summary>What the series are.</summary>
public enum UsageGrouping
{
    Model,
    Key,
}
