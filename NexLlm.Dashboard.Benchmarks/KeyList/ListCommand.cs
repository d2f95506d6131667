using System.CommandLine;

namespace NexLlm.Dashboard.Benchmarks.KeyList;

/// <summary><c>list</c>: what the list of keys costs the server and the browser. Times of one run are only to be compared with each other.</summary>
internal sealed class ListCommand : Command
{
    private readonly Argument<int> _keys = new("KEYS") { Description = "Keys of the one account.", DefaultValueFactory = _ => 100_000 };
    private readonly Argument<int> _total = new("TOTAL") { Description = "Keys of all accounts.", DefaultValueFactory = _ => 1_000_000 };

    public ListCommand()
        : base("list", "The list of keys of a large account, alone and among others' keys, as a report in Markdown.")
    {
        Arguments.Add(_keys);
        Arguments.Add(_total);
        SetAction((arguments, _) => RunAsync(arguments.GetValue(_keys), arguments.GetValue(_total)));
    }

    private static async Task RunAsync(int keys, int total)
    {
        await using var small = await Stage.FillAsync(keys, keys);
        await using var large = await Stage.FillAsync(keys, total);
        await ListQueries.ReportAsync(small, large);
        await ListInBrowser.ReportAsync(large);
    }
}
