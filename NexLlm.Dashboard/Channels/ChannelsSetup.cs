using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Channels.Administration;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Channels.Routing.Strategies;
using NexLlm.Dashboard.Channels.Tokens;
using NexLlm.Dashboard.Channels.Upstream;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Settings;

namespace NexLlm.Dashboard.Channels;

public static class ChannelsSetup
{
    public static IServiceCollection AddChannels(this IServiceCollection services)
    {
        services.AddOptions<ProvisioningOptions>()
            .Configure<IConfiguration>((options, configuration) => ProvisioningReader.Read(configuration, options))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<ProvisioningOptions>, ProvisioningValidator>();
        services.AddSingleton<ProviderKeys>();
        services.AddSingleton<ChannelProvisioner>();
        services.AddSingleton<IDataPreparation>(provider => provider.GetRequiredService<ChannelProvisioner>());
        services.AddSingleton<ChannelCatalog>();
        services.AddSingleton<ModelCatalog>();
        AddRouting(services);
        AddUpstream(services);
        AddTokens(services);
        AddAdministration(services);
        return services;
    }

    private static void AddRouting(IServiceCollection services)
    {
        services.AddSettings<RoutingOptions>(RoutingOptions.Section);
        services.AddSingleton<IValidateOptions<RoutingOptions>, RoutingValidator>();
#pragma warning disable RS0030 // The one place that provides randomness for injection.
        services.TryAddSingleton(Random.Shared);
#pragma warning restore RS0030
        services.AddSingleton<IRoutingStrategy, WeightedRandomStrategy>();
        services.AddSingleton<IRoutingStrategy, LeastRequestsStrategy>();
        services.AddSingleton<ChannelHealthChanges>();
        services.AddSingleton<CircuitFactory>();
        services.AddSingleton<ChannelRouter>();
        services.AddSingleton<ChannelDirectory>();
        services.AddSingleton<IDataPreparation>(provider => provider.GetRequiredService<ChannelDirectory>());
    }

    private static void AddUpstream(IServiceCollection services)
    {
        services.AddSettings<UpstreamOptions>(UpstreamOptions.Section);
        services.AddSingleton<UpstreamTransports>();
        services.AddSingleton<UpstreamClient>();
        services.AddSingleton<ModelProbe>();
        services.AddSingleton<ApiProbe>();
        services.AddSingleton<ChannelProbe>();
        services.AddSettings<ChannelHealthOptions>(ChannelHealthOptions.Section);
        services.AddHostedService<ChannelHealthMonitor>();
    }

    private static void AddTokens(IServiceCollection services)
    {
        services.AddSingleton<TokenCounter>();
        services.AddSingleton<PromptCounter>();
    }

    private static void AddAdministration(IServiceCollection services)
    {
        services.AddSingleton<ChannelChanges>();
        services.AddSingleton<ChannelActivation>();
        services.AddSingleton<ChannelAdministration>();
        services.AddSingleton<GroupAdministration>();
    }
}
