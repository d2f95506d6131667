using NexLlm.Dashboard.Benchmarks.Gateway.Clients;
using NexLlm.Dashboard.Benchmarks.Gateway.Servers;

namespace NexLlm.Dashboard.Benchmarks.Gateway.Sections;

/// <summary>Two of the same: what they differ by is the method's own error.</summary>
internal sealed class Control : ISection
{
    private const int Connections = 64;

    public string Name => "control";

    public async Task RunAsync(Stage stage, Method method, Report report)
    {
        var (bare, other) = (await stage.BareProxyAsync(), await stage.OtherBareProxyAsync());
        foreach (var manner in (UpstreamManner[])[UpstreamManner.Plain, UpstreamManner.Streamed])
        {
            report.Section($"Control: bare YARP against another bare YARP, {manner.Noun()}, {Connections} connections");
            var load = Chat.ToBareProxy(Connections, manner);
            var results = Contest.Run(method, new Entrant("bare YARP", bare, load), new Entrant("another", other, load));
            report.Table(results);
            var rate = results[1].Rate;
            report.Goal($"{manner.Noun()}: two of the same cannot be told apart", $"{rate}", rate.Low <= 1 && rate.High >= 1);
        }
    }
}
