using System.CommandLine;

namespace NexLlm.Dashboard.Backups;

public static class BackupsSetup
{
    public static IServiceCollection AddBackups(this IServiceCollection services)
    {
        services.AddSingleton<BackupHistory>();
        services.AddSingleton<RevivedAccess>();
        services.AddSingleton<Command, BackupCommand>();
        services.AddSingleton<Command, RestoreCommand>();
        return services;
    }
}
