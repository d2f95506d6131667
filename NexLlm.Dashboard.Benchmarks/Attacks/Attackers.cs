using System.Collections.Concurrent;

namespace NexLlm.Dashboard.Benchmarks.Attacks;

/// <summary>Several who attack at the same time, each again as soon as an attempt is over.</summary>
internal static class Attackers
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    /// <param name="attempt">Gets the attacker's number. Returns what became of it. Its token ends it when the time is over.</param>
    /// <returns>How often what became of the attempts.</returns>
    public static async Task<string> RunAsync(int number, TimeSpan time, Func<int, CancellationToken, Task<string>> attempt, CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        over.CancelAfter(time);
        var outcomes = new ConcurrentBag<string>();
        await Task.WhenAll(Enumerable.Range(0, number).Select(async attacker =>
        {
            while (!over.IsCancellationRequested)
            {
                outcomes.Add(await attempt(attacker, over.Token));
                await Task.WhenAny(Task.Delay(_pause, over.Token));
            }
        }));
        return Summary(outcomes);
    }

    public static string Summary(IEnumerable<string> outcomes) =>
        string.Join(", ", outcomes.GroupBy(outcome => outcome).OrderByDescending(group => group.Count()).Select(group => $"{group.Count()} x {group.Key}"));
}
