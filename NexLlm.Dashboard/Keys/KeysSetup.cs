using NexLlm.Dashboard.Settings;

namespace NexLlm.Dashboard.Keys;

public static class KeysSetup
{
    public static IServiceCollection AddKeys(this IServiceCollection services)
    {
        services.AddSettings<ApiKeyOptions>(ApiKeyOptions.Section);
        services.AddSingleton<KeyChanges>();
        services.AddSingleton<KeyDirectory>();
        services.AddHostedService<KeyHashLoader>();
        services.AddSingleton<GroupSnapshots>();
        services.AddSingleton<KeyPolicyService>();
        services.AddSingleton<ChannelImpact>();
        services.AddSingleton<KeyAdministration>();
        services.AddSingleton<QuickSearch>();
        services.AddSingleton<DeletedKeyPurge>();
        services.AddHostedService(provider => provider.GetRequiredService<DeletedKeyPurge>());
        return services;
    }
}
