using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace NexLlm.Dashboard.Accounts.SingleSignOn;

internal static class SingleSignOnSetup
{
    public static void AddSingleSignOn(this IServiceCollection services)
    {
        services.AddOptions<SingleSignOnOptions>().ValidateOnStart();
        services.AddSingleton<SingleSignOnRules>();
        services.AddSingleton<IConfigureOptions<SingleSignOnOptions>>(provider => provider.GetRequiredService<SingleSignOnRules>());
        services.AddSingleton<IValidateOptions<SingleSignOnOptions>>(provider => provider.GetRequiredService<SingleSignOnRules>());

        // Does what AddOpenIdConnect does, for schemes known only from the settings.
        services.AddTransient<OpenIdConnectHandler>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<OpenIdConnectOptions>, OpenIdConnectPostConfigureOptions>());
        services.AddSingleton<ProviderEvents>();
        services.AddSingleton<ProviderSchemes>();
        services.AddSingleton<IConfigureOptions<AuthenticationOptions>>(provider => provider.GetRequiredService<ProviderSchemes>());
        services.AddSingleton<IConfigureOptions<OpenIdConnectOptions>>(provider => provider.GetRequiredService<ProviderSchemes>());

        services.AddSingleton<IdTokens>();
        services.AddSingleton<LogOutTokens>();
        services.AddSingleton<SingleSignOnService>();
        services.AddSingleton<ProviderConnections>();
        services.AddSingleton<ProviderLogOut>();
        services.AddSingleton<BackChannelLogOut>();
        services.AddSingleton<SingleSignOnEndpoints>();
    }
}
