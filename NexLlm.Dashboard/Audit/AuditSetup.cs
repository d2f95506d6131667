using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Audit;

public static class AuditSetup
{
    public static IServiceCollection AddAudit(this IServiceCollection services) =>
        services.AddSingleton<AuditEvents>().AddSingleton<RepeatedEvents>().AddHostedService<AuditFeed>()
            .AddSingleton<AuditChain>().AddSingleton<AuditVerification>()
            .ConfigureDbContext<NexLlmDbContext>((provider, options) => options.AddInterceptors(provider.GetRequiredService<AuditChain>()));
}
