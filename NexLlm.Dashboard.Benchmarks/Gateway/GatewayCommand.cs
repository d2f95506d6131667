using System.CommandLine;
using NexLlm.Dashboard.Benchmarks.Gateway.Sections;
using NexLlm.Dashboard.Benchmarks.Gateway.Servers;

namespace NexLlm.Dashboard.Benchmarks.Gateway;

/// <summary><c>gateway</c>: the report on the gateway against a bare YARP.</summary>
internal sealed class GatewayCommand : Command
{
    private static readonly ISection[] _sections =
    [
        new Control(),
        new Throughput(UpstreamManner.Plain, 1, 16, 64),
        new Throughput(UpstreamManner.Streamed, 16, 64),
        new Throughput(UpstreamManner.Burst, 16, 64),
        new ThinkingUpstream(),
        new ManyKeys(),
        new WrongKeys(),
        new PacedStreams(),
        new Watched(),
    ];

    private readonly Option<int> _rounds = new("--rounds") { Description = "How often each takes its turn.", DefaultValueFactory = _ => 24 };
    private readonly Option<int> _keys = new("--keys") { Description = "Keys in the database.", DefaultValueFactory = _ => 1_000_000 };
    private readonly Option<double> _window = new("--window") { Description = "Seconds of one turn.", DefaultValueFactory = _ => 2 };
    private readonly Option<double> _warmUp = new("--warm-up") { Description = "Seconds before the first turn of each.", DefaultValueFactory = _ => 12 };
    private readonly Option<string?> _against = new("--against")
    {
        Description = "The built program (NexLlm.Dashboard.dll) of an older checkout, which takes its turns in the sections on throughput.",
    };

    private readonly Option<string[]> _only = new("--only") { Description = "The sections to measure, instead of all.", AllowMultipleArgumentsPerToken = true };

    public GatewayCommand()
        : base("gateway", "The gateway with every policy on and a durable ledger against a bare YARP, as a report in Markdown. Linux only.")
    {
        _only.AcceptOnlyFromAmong([.. _sections.Select(section => section.Name)]);
        Options.Add(_rounds);
        Options.Add(_keys);
        Options.Add(_window);
        Options.Add(_warmUp);
        Options.Add(_only);
        Options.Add(_against);
        SetAction((arguments, _) => RunAsync(arguments));
    }

    /// <returns>1 if a goal was missed.</returns>
    private async Task<int> RunAsync(ParseResult arguments)
    {
        var method = new Method(
            arguments.GetValue(_rounds),
            TimeSpan.FromSeconds(arguments.GetValue(_window)),
            TimeSpan.FromSeconds(arguments.GetValue(_warmUp)));
        var keys = arguments.GetValue(_keys);
        var only = arguments.GetValue(_only) ?? [];
        var report = new Report(Console.Out);
        report.Begin(method, keys);
        await using var stage = new Stage(keys, arguments.GetValue(_against));
        foreach (var section in _sections.Where(section => only is [] || only.Contains(section.Name)))
        {
            await section.RunAsync(stage, method, report);
        }

        return report.End() ? 0 : 1;
    }
}
