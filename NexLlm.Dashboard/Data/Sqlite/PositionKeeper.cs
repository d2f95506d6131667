using Microsoft.Data.Sqlite;

namespace NexLlm.Dashboard.Data.Sqlite;

/// <summary>Saves the database's position once a second while this process writes to the database.</summary>
internal sealed partial class PositionKeeper(DatabasePosition position, WriteGate gate, TimeProvider clock, ILogger<PositionKeeper> log) : BackgroundService
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_interval, clock);
        var (failing, saved) = (false, -1L);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            // Read before saving, so that a write during the save is picked up one second later.
            var turns = gate.Turns;
            if (turns != saved)
            {
                failing = !TrySave(quietly: failing);
                saved = failing ? saved : turns;
            }
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
            // The disk is full, or the file is briefly locked. The stored position is older but still valid.
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
