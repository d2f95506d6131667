using Microsoft.AspNetCore.Components;
using MudBlazor;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Usage.Statistics;

namespace NexLlm.Dashboard.Components.Usage;

/// <summary>Use over time as stacked bars, with its legend. Decoration to a screen reader: <see cref="UsageTable"/> says the same.</summary>
public sealed partial class UsageChart(Person person)
{
    // Labels of the axis that fit beside each other on wide and on narrow screens.
    private const int WideLabels = 14;
    private const int NarrowLabels = 4;
    private const int ShortLabel = 6;
    private const int Ticks = 5;

    // MudBlazor draws no bar so thin that more than these have room on a wide screen: they would cover each other.
    private const int ManyBars = 100;
    private const long Million = 1_000_000;

    private static readonly int[] _gaps = [1, 2, 3, 4, 6, 12, 24, 48, 96, 168];

    private List<ChartSeries<double>> _series = [];
    private string[] _labels = [];
    private StackedBarChartOptions _options = new();

    [Parameter, EditorRequired]
    public UsageReport Report { get; set; } = default!;

    [Parameter, EditorRequired]
    public UsageStep Step { get; set; }

    [Parameter]
    public UsageMeasure Measure { get; set; }

    /// <summary>Most axis labels are hidden where there are many bars; the style sheet knows these gaps.</summary>
    private string CssClass => $"chart every-{Gap(WideLabels)} narrow-{Gap(NarrowLabels)}{(_labels.Length > ManyBars ? " dense" : "")}";

    protected override void OnParametersSet()
    {
        _labels = [.. UsageClock.Labels(Report, Step, person)];
        var highest = Enumerable.Range(0, _labels.Length).Max(i => Report.Series.Sum(s => s.Figures[i][Measure]));
        // The chart's ticks are 32-bit integers, which billions of tokens are not.
        var unit = highest > int.MaxValue ? Million : 1;
        _series = [.. Report.Series.Select(s => new ChartSeries<double>
        {
            Name = UsageShares.FullName(s.Of),
            TooltipYValueFormat = unit == 1 ? "N0" : "#,0.######M",
            Data = s.Figures.Select(f => (double)f[Measure] / unit).ToArray(),
        })];
        _options = new StackedBarChartOptions
        {
            ChartPalette = [.. Report.Series.Select((s, i) => UsageShares.Colour(s.Of, i))],
            ShowLegend = false,
            ShowZeroValues = false,
            BarWidthRatio = _labels.Length > 60 ? 0.9 : 0.7,
            YAxisTicks = (int)(TickFor(highest) / unit),
            YAxisToStringFunc = value => UsageMeasures.Brief((long)(value * unit)),
            TooltipTitleFormat = "{{SERIES_NAME}}: {{Y_VALUE}}",
            TooltipSubtitleFormat = "{{X_VALUE}}",
        };
    }

    /// <summary>The smallest round distance (1, 2 or 5 and zeros) that needs no more than so many lines.</summary>
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

    private int Gap(int labels)
    {
        // Of labels that name a day and an hour, half as many fit.
        var fitting = _labels.Any(l => l.Length > ShortLabel) ? (labels + 1) / 2 : labels;
        return _gaps.FirstOrDefault(gap => gap * fitting >= _labels.Length, _gaps[^1]);
    }
}
