using Microsoft.Data.Sqlite;

namespace NexLlm.Dashboard.Data;

/// <summary>Writes the database's position down once a second while this process writes to the database.</summary>
internal sealed partial class PositionKeeper(DatabasePosition position, WriteGate gate, TimeProvider clock, ILogger<PositionKeeper> log) : BackgroundService
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_interval, clock);
        var (failing, saved) = (false, -1L);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            // Read first: a turn that ends during the save is noticed in a second.
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
            // A full disk, or a file that is locked for a moment. The stored position is older, and so still true.
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
