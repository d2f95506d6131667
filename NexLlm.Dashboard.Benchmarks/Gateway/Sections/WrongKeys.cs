using NexLlm.Dashboard.Benchmarks.Gateway.Clients;
using NexLlm.Dashboard.Benchmarks.Gateway.Servers;

namespace NexLlm.Dashboard.Benchmarks.Gateway.Sections;

/// <summary>Somebody tries keys: well-formed ones, so that only the look-up can tell.</summary>
internal sealed class WrongKeys : ISection
{
    private const int Connections = 64;

    public string Name => "flood";

    public async Task RunAsync(Stage stage, Method method, Report report)
    {
        report.Section("A flood of unknown keys, 64 connections each");
        var full = await stage.FullAsync();
        var (right, unknown) = (Chat.ToGateway(Connections, UpstreamManner.Plain, full.Secrets), Chat.WithUnknownKeys(Connections));
        var results = Contest.Run(
            method,
            new Entrant("right keys", full.Server, right),
            new Entrant("unknown keys", full.Server, unknown),
            new Entrant("right keys beside unknown ones", full.Server, right, Beside: unknown));
        report.Table(results);

        var (refused, beside) = (results[1], results[2]);
        report.Goal("unknown keys are refused at 2.5 of the rate of right ones", $"{refused.Rate}", refused.Rate.Median >= 2.5);
        report.Goal("right keys keep half of their rate beside them", $"{beside.Rate}", beside.Rate.Median >= 0.5);
        var reads = refused.Median(window => window.FileReadsEach);
        report.Goal("a refusal reads nothing from the database", $"{reads:F4} calls to read a file each", reads < 0.01);
    }
}
