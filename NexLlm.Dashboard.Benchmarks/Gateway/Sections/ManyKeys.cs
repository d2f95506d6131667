using NexLlm.Dashboard.Benchmarks.Gateway.Clients;
using NexLlm.Dashboard.Benchmarks.Gateway.Servers;

namespace NexLlm.Dashboard.Benchmarks.Gateway.Sections;

/// <summary>What it costs that there are many keys.</summary>
internal sealed class ManyKeys : ISection
{
    private const int Connections = 64;

    public string Name => "keys";

    public async Task RunAsync(Stage stage, Method method, Report report)
    {
        report.Section("All keys against a thousand, 64 connections");
        var (many, few) = (await stage.FullAsync(), await stage.FewKeysAsync());
        var results = Contest.Run(
            method,
            new Entrant("a thousand keys", few.Server, Chat.ToGateway(Connections, UpstreamManner.Plain, few.Secrets)),
            new Entrant("all keys", many.Server, Chat.ToGateway(Connections, UpstreamManner.Plain, many.Secrets)));
        report.Table(results);
        var rate = results[1].Rate;
        report.Goal("all keys: at least 0.90 of the rate with a thousand", $"{rate}", rate.Median >= 0.90);
        report.Goal("all keys: at most 400 MB", $"{many.Server.ResidentMegabytes:F0} MB (a thousand: {few.Server.ResidentMegabytes:F0} MB)", many.Server.ResidentMegabytes <= 400);
        report.Goal(
            "all keys: the first answer within 5 s of the start",
            $"{many.FirstAnswer.TotalSeconds:F1} s (a thousand: {few.FirstAnswer.TotalSeconds:F1} s)",
            many.FirstAnswer <= TimeSpan.FromSeconds(5));
    }
}
