using System.Globalization;

namespace NexLlm.Dashboard.Benchmarks.Gateway;

/// <summary>A median, and the interval that holds it with 95 % confidence.</summary>
internal readonly record struct Estimate(double Median, double Low, double High)
{
    private const int Resamples = 10_000;

    /// <summary>By the percentile bootstrap. The same values give the same interval.</summary>
    public static Estimate Of(IReadOnlyList<double> values)
    {
#pragma warning disable CA5394 // Statistics guard nothing.
        var random = new Random(1);
        var medians = new double[Resamples];
        var resample = new double[values.Count];
        for (var i = 0; i < Resamples; i++)
        {
            for (var j = 0; j < resample.Length; j++)
            {
                resample[j] = values[random.Next(values.Count)];
            }

            medians[i] = MedianOf(resample);
        }
#pragma warning restore CA5394
        Array.Sort(medians);
        return new Estimate(MedianOf([.. values]), medians[(int)(0.025 * Resamples)], medians[(int)(0.975 * Resamples)]);
    }

    /// <summary>Sorts what it is given.</summary>
    public static double MedianOf(Span<double> values)
    {
        values.Sort();
        return (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Median:F2} [{Low:F2}–{High:F2}]");
}
