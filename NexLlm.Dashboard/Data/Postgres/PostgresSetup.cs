using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace NexLlm.Dashboard.Data.Postgres;

public static class PostgresSetup
{
    private static readonly StorableParameters _storable = new();

    private const string MigrationsTable = "__efmigrationshistory";

    public static IServiceCollection AddPostgres(this IServiceCollection services)
    {
        services.AddOptions<PostgresOptions>()
            .Configure<IConfiguration>((options, configuration) => PostgresOptions.Read(configuration, options))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<PostgresOptions>, PostgresOptionsValidator>();
        services.AddSingleton(provider => NpgsqlDataSource.Create(provider.GetRequiredService<IOptions<PostgresOptions>>().Value.ConnectionString));
        services.AddSingleton<IDatabaseEngine, PostgresEngine>();
        services.AddSingleton<PostgresStartup>();
        services.AddSingleton<DatabaseStartup>(provider => provider.GetRequiredService<PostgresStartup>());
        services.AddHostedService<InstanceWatch>();
        services.AddContext<PostgresContext>((provider, options) => options
            .UseNexLlmPostgres(provider.GetRequiredService<NpgsqlDataSource>()));
        return services;
    }

    internal static TBuilder UseNexLlmPostgres<TBuilder>(this TBuilder options, NpgsqlDataSource source)
        where TBuilder : DbContextOptionsBuilder
    {
        options.UseNpgsql(source, npgsql => npgsql.SetPostgresVersion(PostgresOptions.OldestVersion, 0).MigrationsHistoryTable(MigrationsTable))
            .AddInterceptors(_storable);
        return options;
    }
}
