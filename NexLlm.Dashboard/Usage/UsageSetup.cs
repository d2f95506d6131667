using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Usage;

public static class UsageSetup
{
    public static IServiceCollection AddUsage(this IServiceCollection services)
    {
        services.AddSingleton<LedgerWriter>();
        services.AddHostedService(provider => provider.GetRequiredService<LedgerWriter>());
        services.AddSingleton(provider => new UsageLedger(
            provider.GetRequiredService<LedgerWriter>(), provider.GetRequiredService<AccountDirectory>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IDataPreparation, LedgerRecovery>();
        return services;
    }
}
