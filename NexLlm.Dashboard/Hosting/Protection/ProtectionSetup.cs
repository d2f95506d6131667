using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Hosting.Protection;

internal static class ProtectionSetup
{
    public static void AddProtection(this IServiceCollection services)
    {
        services.AddOptions<MasterKeyOptions>().ValidateOnStart();
        services.AddSingleton<IValidateOptions<MasterKeyOptions>, MasterKeyValidator>();
        services.AddSingleton<MasterKey>();
        services.AddSingleton<MasterKeyWrapping>();
        services.AddSingleton<IDataPreparation, KeyRing>();
        services.AddSingleton(provider => new DatabaseHmac(() => provider.GetRequiredService<MasterKey>().Derive("audit chain v1")));
        // The name is part of every key's purpose: after a change, no cookie and no provider key could be decrypted.
        services.AddDataProtection().SetApplicationName("NexLlm.Dashboard").PersistKeysToDbContext<NexLlmDbContext>();
        services.AddOptions<KeyManagementOptions>()
            .Configure<MasterKeyWrapping>((options, wrapping) => options.XmlEncryptor = wrapping);
    }
}
