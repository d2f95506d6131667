using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Hosting;

/// <summary>For whatever watches over the process; open to anybody, and saying no more than one word.</summary>
public static class Health
{
    internal static void AddHealth(this IServiceCollection services) => services.AddHealthChecks()
        .AddDbContextCheck<NexLlmDbContext>(customTestQuery: async (db, cancellation) =>
            !(await db.Database.GetPendingMigrationsAsync(cancellation)).Any());

    /// <summary><c>/healthz</c>: the process answers. <c>/readyz</c>: so does the database, and its schema is current.</summary>
    public static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks("/healthz", new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous();
        app.MapHealthChecks("/readyz").AllowAnonymous();
    }
}
