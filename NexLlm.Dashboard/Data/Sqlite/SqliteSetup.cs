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
        services.AddSingleton<ConnectionPragmas>();
        services.AddSingleton<DatabaseStartup, SqliteStartup>();
        services.AddSingleton<DatabasePosition>();
        services.AddHostedService<PositionKeeper>();
        services.AddSingleton<FileCopies>();
        services.AddContext<SqliteContext>((provider, options) => options
            .UseSqlite(provider.GetRequiredService<IOptions<SqliteOptions>>().Value.ConnectionString)
            .ReplaceService<IMigrationsSqlGenerator, MigrationStatements>()
            .AddInterceptors(provider.GetRequiredService<ConnectionPragmas>()));
        return services;
    }
}
