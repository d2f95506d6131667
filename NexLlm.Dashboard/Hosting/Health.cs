using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Hosting;

/// <summary>For whatever watches over the process; open to anybody, and saying no more than one word.</summary>
public static class Health
{
    private const string Alive = "/healthz";
    private const string Ready = "/readyz";

    internal static void AddHealth(this IServiceCollection services) => services.AddHealthChecks()
        .AddDbContextCheck<NexLlmDbContext>(customTestQuery: async (db, cancellation) =>
            !(await db.Database.GetPendingMigrationsAsync(cancellation)).Any());

    /// <summary>Whoever watches calls by address, whatever hosts are allowed.</summary>
    internal static bool IsAsked(HttpRequest request) => request.Path.Value is Alive or Ready;

    /// <summary><c>/healthz</c>: the process answers. <c>/readyz</c>: so does the database, and its schema is current.</summary>
    public static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks(Alive, new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous();
        app.MapHealthChecks(Ready).AllowAnonymous();
    }
}
