using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Channels;

public static class ChannelsSetup
{
    public static IServiceCollection AddChannels(this IServiceCollection services)
    {
        services.AddOptions<ProvisioningOptions>()
            .Configure<IConfiguration>((options, configuration) => ProvisioningReader.Read(configuration, options))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<ProvisioningOptions>, ProvisioningValidator>();
        services.AddSingleton<ChannelProvisioner>();
        services.AddSingleton<IDataPreparation>(provider => provider.GetRequiredService<ChannelProvisioner>());
        services.AddSingleton<ChannelCatalog>();
        return services;
    }
}
