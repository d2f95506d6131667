using Microsoft.Data.Sqlite;

namespace NexLlm.Dashboard.Data;

/// <summary>Writes the database's position down once a second while it changes, and at the end.</summary>
internal sealed partial class PositionKeeper(DatabasePosition position, TimeProvider clock, ILogger<PositionKeeper> log) : BackgroundService
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_interval, clock);
        var failing = false;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            failing = !TrySave(quietly: failing);
        }
    }

    private bool TrySave(bool quietly)
    {
        try
        {
            position.Save();
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or SqliteException)
        {
            // A full disk, or a file that is locked for a moment. What stands there is older, and so still true.
            if (!quietly)
            {
                LogFailed(log, failure);
            }

            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Couldn't record the database position. Retrying every second.")]
    private static partial void LogFailed(ILogger log, Exception failure);
}
