namespace NexLlm.Dashboard.Hosting.Failure;

internal static class FailureSetup
{
    public static void AddProcessFailure(this IServiceCollection services)
    {
        services.AddSingleton<ProcessFailure>();
        services.AddSingleton<MemoryWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<MemoryWatch>());
        services.AddSingleton<ILoggerProvider, FailureLog>();
        // Independent of the configured log levels.
        services.Configure<LoggerFilterOptions>(options =>
        {
            foreach (var category in FailureLog.Fatal.Keys)
            {
                options.AddFilter<FailureLog>(category, LogLevel.Critical);
            }
        });
    }
}
