using Microsoft.Extensions.Options;

namespace NexLlm.Dashboard.Hosting.Settings;

public static class SettingsSetup
{
    /// <summary>
    /// Binds a section of the configuration to <typeparamref name="TSettings"/>, once. A value of the wrong type or out of the
    /// range of its attributes, and a name that is no setting, refuse the start, each named with what to do.
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
