using System.Diagnostics;
using System.Net;
using System.Text;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Benchmarks.Attacks;

/// <summary>
/// Whom an attack must not concern: each asks for one thing again and again, on a connection and a thread of its own, and notes how
/// long it takes. The threads are theirs alone, so that the attackers in this process do not delay them.
/// </summary>
internal sealed class Bystanders(Uri address, KeySecret key, People people)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);
    // Often enough for a p99, and seldom enough that they are no load by themselves.
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan _readingTime = TimeSpan.FromMilliseconds(250);

    // Well below what one browser may do.
    private static readonly TimeSpan _logInPause = TimeSpan.FromSeconds(1.5);

    private readonly Bystander[] _all =
    [
        new("/healthz", IPAddress.Loopback, _pause, () => Get("/healthz")),
        new("log-in page", IPAddress.Loopback, _pause, () => Get("/account/login")),
        new("another account's request", IPAddress.Loopback, _pause, () => Chat(key)),
        new("administrator's page", Loopback.Administrator, _readingTime, () => Get("/keys", people.Administrator)),
        new("another account's page", Loopback.Member, _readingTime, () => Get("/keys", people.Member)),
        new("administrator's log-in", Loopback.Administrator, _logInPause, people.LogIn.ToRequest, HttpStatusCode.Redirect),
    ];

    /// <summary>Answers that were none, or other than expected.</summary>
    public int Failed => _all.Sum(each => each.Failed);

    public Task RunAsync(CancellationToken until) =>
        Task.WhenAll(_all.Select(each => Task.Factory.StartNew(() => Repeat(each, until), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

    public IEnumerable<BystanderResult> Results() => _all.Select(each => each.Result);

    private void Repeat(Bystander each, CancellationToken until)
    {
        using var http = new HttpClient(Loopback.HandlerFrom(each.From)) { BaseAddress = address, Timeout = _patience };
        while (!until.IsCancellationRequested)
        {
            var since = Stopwatch.GetTimestamp();
            var succeeded = false;
            try
            {
                using var request = each.Request();
                using var answer = http.Send(request, CancellationToken.None);
                succeeded = answer.StatusCode == each.Expected;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                // Counted as failed.
            }

            each.Add(Stopwatch.GetElapsedTime(since), succeeded);
            until.WaitHandle.WaitOne(each.Pause);
        }
    }

    private static HttpRequestMessage Get(string path, string? cookies = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (cookies is not null)
        {
            request.Headers.Add("Cookie", cookies);
        }

        return request;
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
