using Microsoft.Extensions.Options;

namespace NexLlm.Dashboard.Settings;

public static class SettingsSetup
{
    /// <summary>
    /// Binds a configuration section to <typeparamref name="TSettings"/> once. Invalid types, values out of range and unknown names prevent
    /// the start; each error names the setting and the fix.
    /// </summary>
    public static IServiceCollection AddSettings<TSettings>(this IServiceCollection services, string section)
        where TSettings : class, new()
    {
        services.AddOptions<TSettings>()
            .Configure<IConfiguration>((settings, configuration) => new SectionReader<TSettings>(configuration.GetSection(section)).Read(settings))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<TSettings>>(provider =>
            new SectionReader<TSettings>(provider.GetRequiredService<IConfiguration>().GetSection(section)));
        return services;
    }
}
