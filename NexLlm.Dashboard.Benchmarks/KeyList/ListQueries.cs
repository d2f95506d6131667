using System.Globalization;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Paging;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Benchmarks.KeyList;

/// <summary>
/// What the list asks the service for, on a database that holds one account's keys only and on one that holds those of
/// others too; the two take turns, so that a slow moment of the machine meets both.
/// </summary>
internal static class ListQueries
{
    private const int Rounds = 40;
    private const int WarmUp = 5;

    public static async Task ReportAsync(Stage small, Stage large)
    {
        Console.WriteLine();
        Console.WriteLine("| on the server, milliseconds | p50 | p95 | p95, large database | median ratio |");
        Console.WriteLine("|---|---:|---:|---:|---:|");
        foreach (var (name, ask) in Questions())
        {
            var (few, many) = (new Samples(), new Samples());
            for (var round = 0; round < WarmUp + Rounds; round++)
            {
                foreach (var (stage, samples) in round % 2 == 0 ? [(small, few), (large, many)] : new[] { (large, many), (small, few) })
                {
                    await (round < WarmUp ? new Samples() : samples).TimeAsync(() => ask(stage));
                }
            }

            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {name} | {few.P50:F1} | {few.P95:F1} | {many.P95:F1} | {many.P50 / few.P50:F2} |"));
        }
    }

    private static IEnumerable<(string Name, Func<Stage, Task> Ask)> Questions()
    {
        yield return Rows("open the list", new KeyQuery());
        foreach (var sort in Enum.GetValues<KeySort>())
        {
            yield return Rows($"sort by {sort}, ascending", new KeyQuery(Sort: sort, Descending: false));
            yield return Rows($"sort by {sort}, descending", new KeyQuery(Sort: sort));
        }

        foreach (var filter in Enum.GetValues<KeyFilter>())
        {
            yield return Rows($"chip {filter}", new KeyQuery(Filter: filter));
        }

        yield return Rows("last page", new KeyQuery(Cursor: PageCursor.Last));
        foreach (var search in (string[])["p", "pro", "duction", "us-00", "nothing has this", "%", "_"])
        {
            yield return Rows($"search “{search}”", new KeyQuery(search));
            yield return Counts($"counts of all chips, search “{search}”", search);
        }

        yield return Counts("counts of all chips", null);
    }

    private static (string, Func<Stage, Task>) Rows(string name, KeyQuery query) =>
        (name, stage => stage.App.Keys.ListAsync(stage.Owner, query));

    private static (string, Func<Stage, Task>) Counts(string name, string? search) =>
        (name, stage => stage.App.Keys.CountAsync(stage.Owner, search));
}
