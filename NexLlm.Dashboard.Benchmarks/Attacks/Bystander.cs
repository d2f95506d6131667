using System.Net;

namespace NexLlm.Dashboard.Benchmarks.Attacks;

/// <summary>Somebody who asks for the same thing again and again.</summary>
internal sealed class Bystander(string name, IPAddress from, TimeSpan pause, Func<HttpRequestMessage> request, HttpStatusCode expected = HttpStatusCode.OK)
{
    private readonly List<double> _times = [];

    public IPAddress From => from;

    /// <summary>After each answer.</summary>
    public TimeSpan Pause => pause;

    public Func<HttpRequestMessage> Request => request;

    public HttpStatusCode Expected => expected;

    public int Failed { get; private set; }

    /// <summary>In milliseconds. To be asked for once it has ended.</summary>
    public BystanderResult Result
    {
        get
        {
            var times = _times.Order().ToList();
            return times is [] ? new(name, 0, Failed, 0, 0, 0) : new(name, times.Count, Failed, At(times, 0.5), At(times, 0.99), times[^1]);
        }
    }

    public void Add(TimeSpan took, bool succeeded)
    {
        _times.Add(took.TotalMilliseconds);
        Failed += succeeded ? 0 : 1;
    }

    private static double At(List<double> times, double part) => times[Math.Min(times.Count - 1, (int)(times.Count * part))];
}

internal sealed record BystanderResult(string Name, int Count, int Failed, double Median, double P99, double Slowest);
