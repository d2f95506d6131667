using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Gateway.Admission;
using NexLlm.Dashboard.Gateway.Authentication;
using NexLlm.Dashboard.Gateway.Bodies;
using NexLlm.Dashboard.Gateway.Buffers;
using NexLlm.Dashboard.Gateway.Relay;
using NexLlm.Dashboard.Gateway.Requests;
using NexLlm.Dashboard.Gateway.Settings;
using NexLlm.Dashboard.Gateway.TokenCounting;
using NexLlm.Dashboard.Settings;

namespace NexLlm.Dashboard.Gateway;

public static class GatewaySetup
{
    public static IServiceCollection AddGateway(this IServiceCollection services)
    {
        services.AddSettings<GatewayOptions>(GatewayOptions.Section);
        services.AddSingleton<IValidateOptions<GatewayOptions>, GatewayOptionsValidator>();
        services.AddSingleton<Cors>();
        services.AddSingleton<GatewayTelemetry>();
        services.AddSingleton<CallerCheck>();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<GatewayOptions>>().Value.Concurrency);
        services.AddSingleton<ConcurrencyLimit>();
        services.AddSingleton<BodyMemoryBudget>();
        services.AddSingleton<BodyDecompressor>();
        services.AddSingleton<RequestBodyReader>();
        services.AddSingleton<CpuWorkQueue>();
        services.AddSingleton<PromptTokenEstimator>();
        services.AddSingleton<AdmissionCheck>();
        services.AddSingleton<InFlightRequests>();
        services.AddHostedService(provider => provider.GetRequiredService<InFlightRequests>());
        services.AddSingleton<UpstreamDispatcher>();
        services.AddSingleton<RequestRelay>();
        services.AddSingleton<ModelsEndpoint>();
        services.AddSingleton<TokenUsageEndpoint>();
        services.AddSingleton<GenerateEndpoint>();
        services.AddSingleton<CountTokensRateLimit>();
        services.AddSingleton<CountTokensEndpoint>();
        services.AddSingleton<RequestLogger>();
        return services;
    }

    /// <summary>Answers API requests and passes everything else on.</summary>
    public static void UseGateway(this WebApplication app) => app.UseMiddleware<GatewayEndpoints>();
}
