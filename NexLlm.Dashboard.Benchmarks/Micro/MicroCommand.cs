using System.CommandLine;
using BenchmarkDotNet.Running;

namespace NexLlm.Dashboard.Benchmarks.Micro;

/// <summary><c>micro</c>: single steps of a request's way, in nanoseconds and allocated bytes.</summary>
internal sealed class MicroCommand : Command
{
    private readonly Argument<string[]> _arguments = new("ARGUMENTS") { Description = "BenchmarkDotNet's own, for example --filter '*Evaluator*'." };

    public MicroCommand()
        : base("micro", "Single steps of a request's way through the gateway, by BenchmarkDotNet.")
    {
        Arguments.Add(_arguments);
        SetAction(arguments => { BenchmarkSwitcher.FromAssembly(typeof(MicroCommand).Assembly).Run(arguments.GetValue(_arguments) is { Length: > 0 } given ? given : ["--filter", "*", "--join"]); });
    }
}
