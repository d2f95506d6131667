using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Options;

namespace NexLlm.Dashboard.Data;

public static class DataSetup
{
    public static IServiceCollection AddData(this IServiceCollection services)
    {
        services.AddOptions<DatabaseOptions>()
            .Configure<IConfiguration>((options, configuration) => DatabaseOptions.Read(configuration, options))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<DatabaseOptions>, DatabaseOptionsValidator>();
        services.AddSingleton<WriteGate>();
        services.AddSingleton<ConnectionPragmas>();
        services.AddSingleton<SchemaUpgrade>();
        services.AddSingleton<DatabaseStartup>();
        services.AddSingleton<DatabasePosition>();
        services.AddHostedService<PositionKeeper>();
        services.AddSingleton<DatabaseCopies>();
        services.AddSingleton<DatabaseReplacement>();
        services.AddDbContextFactory<NexLlmDbContext>((provider, options) => options
            .UseSqlite(provider.GetRequiredService<IOptions<DatabaseOptions>>().Value.ConnectionString)
            .ReplaceService<IMigrationsSqlGenerator, MigrationStatements>()
            .AddInterceptors(provider.GetRequiredService<ConnectionPragmas>()));
        return services;
    }
}
