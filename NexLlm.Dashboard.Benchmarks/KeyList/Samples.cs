using System.Diagnostics;

namespace NexLlm.Dashboard.Benchmarks.KeyList;

/// <summary>Durations of the same thing done again and again, in milliseconds.</summary>
internal sealed class Samples
{
    private readonly List<double> _milliseconds = [];

    public double P50 => At(0.5);

    public double P90 => At(0.9);

    public double P95 => At(0.95);

    public void Add(double milliseconds) => _milliseconds.Add(milliseconds);

    public async Task TimeAsync(Func<Task> action)
    {
        var start = Stopwatch.GetTimestamp();
        await action();
        Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }

    private double At(double share) => _milliseconds.Order().ElementAt((int)Math.Min(_milliseconds.Count - 1, Math.Floor(share * _milliseconds.Count)));
}
