using System.Globalization;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Usage.Statistics;

namespace NexLlm.Dashboard.Components.Usage;

/// <summary>Labels and formats of the figures.</summary>
internal static class UsageMeasures
{
    public static IReadOnlyList<(UsageMeasure Measure, string Label)> All { get; } =
    [
        (UsageMeasure.Charged, "Charged tokens"),
        (UsageMeasure.Requests, "Requests"),
        (UsageMeasure.Input, "Input tokens"),
        (UsageMeasure.Output, "Output tokens"),
    ];

    public static string Label(this UsageMeasure measure) => All.Single(m => m.Measure == measure).Label;

    /// <summary>The exact number, for tables.</summary>
    public static string Exact(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>The short form, for axes and legends.</summary>
    public static string Brief(long number) => TokenQuota.Short(number);
}
