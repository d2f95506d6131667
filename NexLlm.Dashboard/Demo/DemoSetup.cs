using System.CommandLine;

namespace NexLlm.Dashboard.Demo;

public static class DemoSetup
{
    public static IServiceCollection AddDemo(this IServiceCollection services) =>
        services.AddSingleton<DemoData>().AddSingleton<Command, DemoCommand>();
}
