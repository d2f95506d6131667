using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Settings;

namespace NexLlm.Dashboard.Hosting.Https;

internal static class HttpsSetup
{
    public static void AddHttps(this IServiceCollection services)
    {
        services.AddSettings<HttpsOptions>(HttpsOptions.Section);
        services.AddSingleton<IValidateOptions<HttpsOptions>, HttpsValidator>();
        services.AddSingleton<ServerCertificate>();
        services.AddHostedService(provider => provider.GetRequiredService<ServerCertificate>());
        services.AddOptions<KestrelServerOptions>().Configure<ServerCertificate>((kestrel, certificate) => certificate.Configure(kestrel));
    }
}
