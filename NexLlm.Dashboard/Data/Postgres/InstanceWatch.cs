using Npgsql;

namespace NexLlm.Dashboard.Data.Postgres;

/// <summary>
/// Takes the instance lock again after the connection that held it has ended, for example because the database server restarted. If another
/// server has taken it, this one ends, because two would admit by different counters.
/// </summary>
internal sealed partial class InstanceWatch(PostgresStartup startup, TimeProvider clock, ILogger<InstanceWatch> log) : BackgroundService
{
    private static readonly TimeSpan _between = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await startup.LostAsync(stoppingToken);
            stoppingToken.ThrowIfCancellationRequested();
            LogLost(log);
            await RegainAsync(stoppingToken);
            LogRegained(log);
        }
    }

    private async Task RegainAsync(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                if (await startup.RegainAsync(cancellation))
                {
                    return;
                }

                // An exception of a background service ends the process.
                throw new InvalidOperationException("Another server has taken over the database.");
            }
            catch (NpgsqlException)
            {
                // The ledger reports that the server can't be reached.
                await Task.Delay(_between, clock, cancellation);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Lost the connection to the database server.")]
    private static partial void LogLost(ILogger log);

    [LoggerMessage(LogLevel.Warning, "Connected to the database server again.")]
    private static partial void LogRegained(ILogger log);
}
