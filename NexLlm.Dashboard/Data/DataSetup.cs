using Microsoft.EntityFrameworkCore;

namespace NexLlm.Dashboard.Data;

public static class DataSetup
{
    public const string ConnectionName = "NexLlm";

    public static IServiceCollection AddData(this IServiceCollection services)
    {
        services.AddSingleton<WriteGate>();
        services.AddDbContextFactory<NexLlmDbContext>((provider, options) => options.UseSqlite(
            provider.GetRequiredService<IConfiguration>().GetConnectionString(ConnectionName)));
        return services;
    }
}
