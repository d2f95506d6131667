using System.Globalization;
using Microsoft.AspNetCore.Components;
using MudBlazor;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Components.Shared;

/// <summary>A series of stacked values, one per position.</summary>
/// <param name="Colour">A CSS color.</param>
public sealed record BarSeries(string Name, string Colour, IReadOnlyList<long> Values);

/// <summary>A stacked bar chart over time. Screen readers see an image, so its content must also be given as text.</summary>
public sealed partial class StackedBars
{
    // The number of axis labels that fit on wide and on narrow screens.
    private const int WideLabels = 14;
    private const int NarrowLabels = 4;
    private const int ShortLabel = 6;
    private const int Ticks = 5;

    // With more bars than this, MudBlazor's minimum bar width makes them overlap on a wide screen.
    private const int ManyBars = 100;
    private const long Million = 1_000_000;

    // The tooltip's width in pixels.
    private const int TipWidth = 260;
    private const int TipGap = 14;
    private const int TipTop = 8;

    private static readonly int[] _gaps = [1, 2, 3, 4, 6, 12, 24, 48, 96, 168];

    private List<ChartSeries<double>> _series = [];
    private string[] _labels = [];
    private StackedBarChartOptions _options = new();

    /// <summary>The text alternative.</summary>
    [Parameter, EditorRequired]
    public required string Label { get; set; }

    /// <summary>The names of the positions, which must be unique.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<string> Labels { get; set; } = [];

    /// <summary>From the bottom of the bars upwards.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<BarSeries> Series { get; set; } = [];

    /// <summary>The total of all series in the previous period by position; null hides it.</summary>
    [Parameter]
    public IReadOnlyList<long>? Before { get; set; }

    /// <summary>A CSS length.</summary>
    [Parameter]
    public string Height { get; set; } = "18rem";

    /// <summary>Hides most axis labels if there are many bars.</summary>
    private MarkupString LabelStyle => new(
        $"@container (width >= 40rem) {{ {Hidden(WideLabels)} }} @container (width < 40rem) {{ {Hidden(NarrowLabels)} }}");

    private string LabelClass => string.Create(CultureInfo.InvariantCulture, $"every-{Gap(WideLabels)}-{Gap(NarrowLabels)}");

    private string CssClass => $"chart {LabelClass}{(Labels.Count > ManyBars ? " dense" : "")}";

    protected override void OnParametersSet()
    {
        _labels = [.. Labels];
        var highest = Enumerable.Range(0, Labels.Count).Select(i => Series.Sum(s => s.Values[i])).DefaultIfEmpty().Max();
        // The chart's ticks are 32-bit integers, too small for billions of tokens.
        var unit = highest > int.MaxValue ? Million : 1;
        _series = [.. Series.Select(s => new ChartSeries<double> { Name = s.Name, Data = s.Values.Select(v => (double)v / unit).ToArray() })];
        _options = new StackedBarChartOptions
        {
            ChartPalette = [.. Series.Select(s => s.Colour)],
            ShowLegend = false,
            ShowZeroValues = false,
            BarWidthRatio = Labels.Count > 60 ? 0.9 : 0.7,
            YAxisTicks = (int)(TickFor(highest) / unit),
            YAxisToStringFunc = value => TokenQuota.Short((long)(value * unit)),
        };
    }

    /// <summary>The smallest round step (1, 2 or 5 and zeros) that doesn't exceed the maximum number of lines.</summary>
    private static long TickFor(long highest)
    {
        long size = 1;
        while (true)
        {
            foreach (var tick in (long[])[size, 2 * size, 5 * size])
            {
                if (tick * Ticks >= highest)
                {
                    return tick;
                }
            }

            size *= 10;
        }
    }

    private static string Number(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Exact(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private int Place(string? label) => Array.IndexOf(_labels, label);

    private string Hidden(int labels) =>
        string.Create(CultureInfo.InvariantCulture, $".{LabelClass} .mud-charts-xaxis text:not(:nth-child({Gap(labels)}n + 1)) {{ display: none; }}");

    private int Gap(int labels)
    {
        // Only half as many labels fit if they contain both day and hour.
        var fitting = Labels.Any(l => l.Length > ShortLabel) ? (labels + 1) / 2 : labels;
        return _gaps.FirstOrDefault(gap => gap * fitting >= Labels.Count, _gaps[^1]);
    }
}
