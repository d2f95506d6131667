using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Hosting;

/// <summary>Health checks for monitoring. They are public and return a single word.</summary>
public static class Health
{
    private const string Alive = "/healthz";
    private const string Ready = "/readyz";

    internal static void AddHealth(this IServiceCollection services) => services.AddHealthChecks()
        .AddDbContextCheck<NexLlmDbContext>(customTestQuery: async (db, cancellation) =>
            !(await db.Database.GetPendingMigrationsAsync(cancellation)).Any());

    /// <summary>Health checks call by IP address, so they are exempt from the host filter.</summary>
    internal static bool IsAsked(HttpRequest request) => request.Path.Value is Alive or Ready;

    /// <summary><c>/healthz</c>: the process responds. <c>/readyz</c>: the database responds and its schema is current.</summary>
    public static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks(Alive, new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous();
        app.MapHealthChecks(Ready).AllowAnonymous();
    }
}
