using System.Diagnostics;

namespace NexLlm.Dashboard.Benchmarks.Gateway.Clients;

/// <summary>What came of a load in one window.</summary>
internal sealed class Tally(TimeSpan window)
{
    private readonly List<long> _ticks = [];
    private int _completedInTime;

    /// <summary>All answers, those included that were under way when the window closed.</summary>
    public int Answers => _ticks.Count;

    /// <summary>Answers that were not the expected ones.</summary>
    public int Wrong { get; private set; }

    public double PerSecond => _completedInTime / window.TotalSeconds;

    public void Add(long ticks, bool expected, bool inTime)
    {
        _ticks.Add(ticks);
        Wrong += expected ? 0 : 1;
        _completedInTime += inTime ? 1 : 0;
    }

    /// <summary>The time from a request to the end of its answer that this share of them did not exceed, in milliseconds.</summary>
    public double Percentile(double share)
    {
        _ticks.Sort();
        return _ticks is [] ? double.NaN : _ticks[(int)(share * (_ticks.Count - 1))] * 1_000.0 / Stopwatch.Frequency;
    }
}
