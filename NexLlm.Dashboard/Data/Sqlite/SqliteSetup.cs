using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Options;

namespace NexLlm.Dashboard.Data.Sqlite;

public static class SqliteSetup
{
    public static IServiceCollection AddSqlite(this IServiceCollection services)
    {
        services.AddOptions<SqliteOptions>()
            .Configure<IConfiguration>((options, configuration) => SqliteOptions.Read(configuration, options))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<SqliteOptions>, SqliteOptionsValidator>();
        services.AddSingleton<IDatabaseEngine, SqliteEngine>();
        services.AddSingleton<DatabaseStartup, SqliteStartup>();
        services.AddSingleton<DatabasePosition>();
        services.AddHostedService<PositionKeeper>();
        services.AddSingleton<FileCopies>();
        services.AddContext<SqliteContext>((provider, options) => options
            .UseNexLlmSqlite(provider.GetRequiredService<IOptions<SqliteOptions>>()));
        return services;
    }

    internal static TBuilder UseNexLlmSqlite<TBuilder>(this TBuilder options, IOptions<SqliteOptions> settings)
        where TBuilder : DbContextOptionsBuilder
    {
        options.UseSqlite(settings.Value.ConnectionString).ReplaceService<IMigrationsSqlGenerator, MigrationStatements>()
            .AddInterceptors(new ConnectionPragmas(settings));
        return options;
    }
}
