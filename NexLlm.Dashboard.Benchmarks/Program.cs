using System.CommandLine;
using NexLlm.Dashboard.Benchmarks.Attacks;
using NexLlm.Dashboard.Benchmarks.Gateway;
using NexLlm.Dashboard.Benchmarks.Gateway.Servers;
using NexLlm.Dashboard.Benchmarks.KeyList;
using NexLlm.Dashboard.Benchmarks.Logs;
using NexLlm.Dashboard.Benchmarks.Micro;
using NexLlm.Dashboard.Benchmarks.Statistics;
using NexLlm.Dashboard.Tests.TestKit;

TemporaryFolder.OnDisk = true;
var root = new RootCommand("Measures NexLLM Dashboard, and prints reports in Markdown.")
{
    new AttacksCommand(),
    new GatewayCommand(),
    new ListCommand(),
    new LogsCommand(),
    new MicroCommand(),
    new StatisticsCommand(),
    new ServeUpstreamCommand(),
    new ServeBareProxyCommand(),
    new ServeBareTargetCommand(),
};
return await root.Parse(args is [] ? ["--help"] : args).InvokeAsync();
