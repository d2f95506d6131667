using System.CommandLine;
using NexLlm.Dashboard.Data.Transfer;

namespace NexLlm.Dashboard.Backups;

public static class BackupsSetup
{
    public static IServiceCollection AddBackups(this IServiceCollection services)
    {
        services.AddSingleton<BackupHistory>();
        services.AddSingleton<RevivedAccess>();
        services.AddSingleton<Command, BackupCommand>();
        services.AddSingleton<Command, RestoreCommand>();
        services.AddMove("postgres");
        services.AddMove("sqlite");
        return services;
    }

    private static void AddMove(this IServiceCollection services, string engine) => services.AddSingleton<Command>(provider =>
        ActivatorUtilities.CreateInstance<MoveCommand>(provider, provider.GetServices<ITransferTarget>().Single(target => target.Engine == engine)));
}
