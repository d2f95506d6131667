using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Gateway.Admission;
using NexLlm.Dashboard.Gateway.Authentication;
using NexLlm.Dashboard.Gateway.Bodies;
using NexLlm.Dashboard.Gateway.Relay;
using NexLlm.Dashboard.Gateway.TokenCounting;
using NexLlm.Dashboard.Hosting.Settings;

namespace NexLlm.Dashboard.Gateway;

public static class GatewaySetup
{
    public static IServiceCollection AddGateway(this IServiceCollection services)
    {
        services.AddSettings<GatewayOptions>(GatewayOptions.Section);
        services.AddSingleton<IValidateOptions<GatewayOptions>, CorsValidator>();
        services.AddSingleton<Cors>();
        services.AddSingleton<IValidateOptions<GatewayOptions>, GatewayValidator>();
        services.AddSingleton<GatewayTelemetry>();
        services.AddSingleton<CallerCheck>();
        services.AddSingleton<ConcurrencyLimit>();
        services.AddSingleton<BodyBudget>();
        services.AddSingleton<BodyUnpacker>();
        services.AddSingleton<RequestBody>();
        services.AddSingleton<LargeWork>();
        services.AddSingleton<PromptMeter>();
        services.AddSingleton<AdmissionCheck>();
        services.AddSingleton<RunningRequests>();
        services.AddHostedService(provider => provider.GetRequiredService<RunningRequests>());
        services.AddSingleton<UpstreamCall>();
        services.AddSingleton<RequestRelay>();
        services.AddSingleton<ModelsEndpoint>();
        services.AddSingleton<TokenUsageEndpoint>();
        services.AddSingleton<GenerateEndpoint>();
        services.AddSingleton<CountingRate>();
        services.AddSingleton<CountTokensEndpoint>();
        services.AddSingleton<CallLog>();
        return services;
    }

    /// <summary>Answers what programs call; everything else goes on.</summary>
    public static void UseGateway(this WebApplication app) => app.UseMiddleware<GatewayEndpoints>();
}
