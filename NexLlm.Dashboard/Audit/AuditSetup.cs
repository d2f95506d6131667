using Microsoft.EntityFrameworkCore.Diagnostics;

namespace NexLlm.Dashboard.Audit;

public static class AuditSetup
{
    public static IServiceCollection AddAudit(this IServiceCollection services) =>
        services.AddSingleton<AuditEvents>().AddSingleton<RepeatedEvents>().AddHostedService<AuditFeed>()
            .AddSingleton<AuditChain>().AddSingleton<IInterceptor>(provider => provider.GetRequiredService<AuditChain>()).AddSingleton<AuditVerification>();
}
