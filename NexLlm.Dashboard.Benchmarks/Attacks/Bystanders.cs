using System.Diagnostics;
using System.Text;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Benchmarks.Attacks;

/// <summary>Whom an attack must not concern: each asks for one thing again and again, on a connection of its own, and notes how long it takes.</summary>
internal sealed class Bystanders(Uri address, KeySecret key)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(20);

    private readonly (string Name, Func<HttpRequestMessage> Request, List<double> Times)[] _all =
    [
        ("/healthz", () => new HttpRequestMessage(HttpMethod.Get, "/healthz"), []),
        ("log-in page", () => new HttpRequestMessage(HttpMethod.Get, "/account/login"), []),
        ("another account's request", () => Chat(key), []),
    ];

    private int _failed;

    /// <summary>Answers that were none, or other than 200.</summary>
    public int Failed => _failed;

    public async Task RunAsync(CancellationToken until) => await Task.WhenAll(_all.Select(each => RepeatAsync(each.Request, each.Times, until)));

    /// <summary>In milliseconds.</summary>
    public IEnumerable<(string Name, int Count, double Median, double P99, double Slowest)> Results() => _all.Select(each =>
    {
        var times = each.Times.Order().ToList();
        return times is [] ? (each.Name, 0, 0, 0, 0)
            : (each.Name, times.Count, At(times, 0.5), At(times, 0.99), times[^1]);
    });

    private static double At(List<double> times, double part) => times[Math.Min(times.Count - 1, (int)(times.Count * part))];

    private async Task RepeatAsync(Func<HttpRequestMessage> make, List<double> times, CancellationToken until)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false }) { BaseAddress = address, Timeout = _patience };
        while (!until.IsCancellationRequested)
        {
            var since = Stopwatch.GetTimestamp();
            try
            {
                using var request = make();
                using var answer = await http.SendAsync(request, CancellationToken.None);
                await answer.Content.ReadAsByteArrayAsync(CancellationToken.None);
                if (!answer.IsSuccessStatusCode)
                {
                    Interlocked.Increment(ref _failed);
                }
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                Interlocked.Increment(ref _failed);
            }

            times.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
            await Task.Delay(_pause, CancellationToken.None);
        }
    }

    private static HttpRequestMessage Chat(KeySecret key)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent("""{"model":"nexllm-echo","messages":[{"role":"user","content":"Hi"}],"max_tokens":5}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new("Bearer", key.Reveal());
        return request;
    }
}
