using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using NexLlm.Dashboard.Data.Postgres;
using NexLlm.Dashboard.Data.Sqlite;
using NexLlm.Dashboard.Data.Transfer;

namespace NexLlm.Dashboard.Data;

public static class DataSetup
{
    /// <summary>Adds the engine that the connection string chooses.</summary>
    public static IServiceCollection AddData(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<WriteGate>();
        services.AddSingleton<SchemaUpgrade>();
        services.AddSingleton<ITransferTarget, PostgresTarget>();
        services.AddSingleton<ITransferTarget, SqliteTarget>();
        return DatabaseOptions.NamesServer(configuration) ? services.AddPostgres() : services.AddSqlite();
    }

    /// <summary>Registers the engine's context for services that know only <see cref="NexLlmDbContext"/>, with the interceptors of all features.</summary>
    internal static void AddContext<T>(this IServiceCollection services, Action<IServiceProvider, DbContextOptionsBuilder> configure)
        where T : NexLlmDbContext
    {
        services.AddDbContextFactory<T>((provider, options) =>
        {
            configure(provider, options);
            options.AddInterceptors(provider.GetServices<IInterceptor>());
        });
        services.AddSingleton<IDbContextFactory<NexLlmDbContext>, ContextFactory<T>>();
        services.AddScoped<NexLlmDbContext>(provider => provider.GetRequiredService<T>());
    }

    private sealed class ContextFactory<T>(IDbContextFactory<T> contexts) : IDbContextFactory<NexLlmDbContext>
        where T : NexLlmDbContext
    {
        public NexLlmDbContext CreateDbContext() => contexts.CreateDbContext();
    }
}
