using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Logs.Writing;
using NexLlm.Dashboard.Settings;

namespace NexLlm.Dashboard.Logs;

public static class LogsSetup
{
    public static IServiceCollection AddLogs(this IServiceCollection services)
    {
        services.AddSettings<LogsOptions>(LogsOptions.Section);
        services.AddSingleton<RequestNumbers>();
        services.AddSingleton<LogTail>();
        services.AddSingleton<IDataPreparation, LogPreparation>();
        services.AddSingleton<LogWriter>();
        services.AddHostedService(provider => provider.GetRequiredService<LogWriter>());
        services.AddSingleton<LogRecovery>();
        services.AddHostedService(provider => provider.GetRequiredService<LogRecovery>());
        services.AddSingleton(provider => new RequestLog(
            provider.GetRequiredService<IDbContextFactory<NexLlmDbContext>>(), provider.GetRequiredService<IDatabaseEngine>(),
            provider.GetRequiredService<LogWriter>(), provider.GetRequiredService<LogTail>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<RequestLog>>()));
        services.AddSingleton<LastDayStatistics>();
        return services;
    }
}
