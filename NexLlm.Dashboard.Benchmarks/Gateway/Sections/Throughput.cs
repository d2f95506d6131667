using NexLlm.Dashboard.Benchmarks.Gateway.Clients;
using NexLlm.Dashboard.Benchmarks.Gateway.Servers;

namespace NexLlm.Dashboard.Benchmarks.Gateway.Sections;

/// <summary>How many answers a second, and how late, against what a proxy does that checks and writes nothing.</summary>
internal sealed class Throughput(UpstreamManner manner, params int[] connections) : ISection
{
    public string Name => manner.Word();

    public async Task RunAsync(Stage stage, Method method, Report report)
    {
        var (bare, full, normal) = (await stage.BareProxyAsync(), await stage.FullAsync(), await stage.NormalAsync());
        foreach (var count in connections)
        {
            report.Section($"Throughput: {manner.Noun()}, {count} connections");
            List<Entrant> entrants =
            [
                new("bare YARP", bare, Chat.ToBareProxy(count, manner)),
                new("gateway, FULL", full.Server, Chat.ToGateway(count, manner, full.Secrets)),
                new("gateway, NORMAL", normal.Server, Chat.ToGateway(count, manner, normal.Secrets)),
            ];
            if (await stage.EarlierAsync() is { } earlier)
            {
                entrants.Add(new("earlier gateway, FULL", earlier.Server, Chat.ToGateway(count, manner, earlier.Secrets)));
            }

            var results = Contest.Run(method, entrants);
            report.Table(results);
            Goals(report, count, results[1], results[2]);
        }
    }

    private void Goals(Report report, int count, Result full, Result normal)
    {
        if (count == 1)
        {
            var added = full.Difference(window => window.Tally.Percentile(0.5));
            report.Goal($"{manner.Noun()}, 1 connection: at most 1 ms added to the median", $"{added} ms", added.Median <= 1);
            return;
        }

        if (count == 64)
        {
            var (leastFull, leastNormal) = manner.IsStreamed() ? (0.60, 0.80) : (0.80, 0.90);
            report.Goal($"{manner.Noun()}, 64 connections, FULL: at least {leastFull:F2} of bare YARP's rate", $"{full.Rate}", full.Rate.Median >= leastFull);
            report.Goal($"{manner.Noun()}, 64 connections, NORMAL: at least {leastNormal:F2} of bare YARP's rate", $"{normal.Rate}", normal.Rate.Median >= leastNormal);
        }

        report.Goal($"{manner.Noun()}, {count} connections, FULL: p99 at most 1.25 of bare YARP's", $"{full.P99}", full.P99.Median <= 1.25);
    }
}
