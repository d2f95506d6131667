namespace NexLlm.Dashboard.Benchmarks.Gateway;

/// <summary>An entrant's windows beside those that the first entrant had in the same rounds.</summary>
internal sealed record Result(Entrant Entrant, IReadOnlyList<Window> Windows, IReadOnlyList<Window> Baseline)
{
    public Estimate Rate => Ratio(window => window.Tally.PerSecond);

    public Estimate Cpu => Ratio(window => window.CpuMicroseconds);

    public Estimate P99 => Ratio(window => window.Tally.Percentile(0.99));

    public int Wrong => Windows.Sum(window => window.Tally.Wrong + (window.Beside?.Wrong ?? 0));

    public int Answers => Windows.Sum(window => window.Answers);

    public Estimate Ratio(Func<Window, double> value) =>
        Estimate.Of([.. Windows.Zip(Baseline, (own, baseline) => value(own) / value(baseline))]);

    public Estimate Difference(Func<Window, double> value) =>
        Estimate.Of([.. Windows.Zip(Baseline, (own, baseline) => value(own) - value(baseline))]);

    public double Median(Func<Window, double> value) => Estimate.MedianOf([.. Windows.Select(value)]);
}
