using NexLlm.Dashboard.Benchmarks.Gateway.Clients;
using NexLlm.Dashboard.Benchmarks.Gateway.Servers;

namespace NexLlm.Dashboard.Benchmarks.Gateway.Sections;

/// <summary>Nearer to life: many connections, an upstream that takes its time, and so large groups in the ledger.</summary>
internal sealed class ThinkingUpstream : ISection
{
    private const int Connections = 1_024;

    public string Name => UpstreamManner.Slow.Word();

    public async Task RunAsync(Stage stage, Method method, Report report)
    {
        report.Section($"Nearer to life: {UpstreamManner.Slow.Noun()}, 1,024 connections");
        var full = await stage.FullAsync();
        var results = Contest.Run(
            method,
            new Entrant("bare YARP", await stage.BareProxyAsync(), Chat.ToBareProxy(Connections, UpstreamManner.Slow)),
            new Entrant("gateway, FULL", full.Server, Chat.ToGateway(Connections, UpstreamManner.Slow, full.Secrets)));
        report.Table(results);
        var cpu = results[1].Cpu;
        report.Goal("1,024 connections, FULL: at most 1.15 of bare YARP's CPU a request", $"{cpu}", cpu.Median <= 1.15);
    }
}
