namespace NexLlm.Dashboard.Audit;

public static class AuditSetup
{
    public static IServiceCollection AddAudit(this IServiceCollection services) =>
        services.AddSingleton<AuditEvents>().AddSingleton<RepeatedEvents>().AddHostedService<AuditFeed>();
}
