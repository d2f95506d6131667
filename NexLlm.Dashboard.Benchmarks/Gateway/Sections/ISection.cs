using NexLlm.Dashboard.Benchmarks.Gateway.Servers;

namespace NexLlm.Dashboard.Benchmarks.Gateway.Sections;

/// <summary>One question that the report answers.</summary>
internal interface ISection
{
    /// <summary>What the command line calls it.</summary>
    string Name { get; }

    Task RunAsync(Stage stage, Method method, Report report);
}
