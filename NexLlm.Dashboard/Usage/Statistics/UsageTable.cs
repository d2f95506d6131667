using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Usage.Statistics;

/// <summary>Sums by row (such as a model) and period, accumulated while reading.</summary>
internal sealed class UsageTable<T>(int periods)
    where T : notnull
{
    private readonly Dictionary<T, UsageSums[]> _rows = [];

    /// <summary>One per period.</summary>
    public UsageSums[] Totals { get; } = new UsageSums[periods];

    public IReadOnlyDictionary<T, UsageSums[]> Rows => _rows;

    public void Add(int period, T of, in UsageSums sums)
    {
        if (!_rows.TryGetValue(of, out var row))
        {
            _rows[of] = row = new UsageSums[periods];
        }

        row[period] += sums;
        Totals[period] += sums;
    }
}

internal static class UsageTable
{
    public static UsageSums Sum(IEnumerable<UsageSums> sums) => sums.Aggregate(default(UsageSums), (sum, one) => sum + one);

    /// <summary>The largest rows, which are listed separately; ties go to those with more requests.</summary>
    public static List<(T Of, UsageSums Sum)> Largest<T>(IEnumerable<KeyValuePair<T, UsageSums>> sums, UsageMeasure measure, int most) =>
        [.. sums.OrderByDescending(s => s.Value.Figures()[measure]).ThenByDescending(s => s.Value.Requests).ThenBy(s => s.Key)
            .Take(Math.Clamp(most, 1, UsageReport.MostShares)).Select(s => (s.Key, s.Value))];

    public static UsageFigures Figures(this UsageSums sums) => new(sums.Requests, sums.InputTokens, sums.OutputTokens, sums.ChargedTokens);
}
