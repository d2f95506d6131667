using System.Globalization;
using NexLlm.Dashboard.Benchmarks;

// Fills databases, measures, prints one report in Markdown. Times of one run are only to be compared with each other.
var keys = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 100_000;
var total = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1_000_000;

await using var small = await Stage.FillAsync(keys, keys);
await using var large = await Stage.FillAsync(keys, total);
await ListQueries.ReportAsync(small, large);
await ListInBrowser.ReportAsync(large);
