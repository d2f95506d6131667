using System.CommandLine;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Settings;
using NexLlm.Dashboard.Usage.Statistics;

namespace NexLlm.Dashboard.Usage;

public static class UsageSetup
{
    public static IServiceCollection AddUsage(this IServiceCollection services)
    {
        services.AddSettings<UsageOptions>(UsageOptions.Section);
        services.AddSingleton<UsageMeter>();
        services.AddSingleton<LedgerWriter>();
        services.AddHostedService(provider => provider.GetRequiredService<LedgerWriter>());
        services.AddSingleton(provider => new UsageLedger(
            provider.GetRequiredService<LedgerWriter>(), provider.GetRequiredService<AccountDirectory>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<RequestExplainer>();
        services.AddSingleton<IDataPreparation, LedgerRecovery>();
        services.AddSingleton<ChargePruning>();
        services.AddHostedService(provider => provider.GetRequiredService<ChargePruning>());
        services.AddSingleton<LedgerVerification>();
        services.AddSingleton<UsageStatistics>();
        services.AddSingleton<UsageForecast>();
        services.AddSingleton<FirstSteps>();
        services.AddSingleton<Command, VerifyCommand>();
        return services;
    }
}
