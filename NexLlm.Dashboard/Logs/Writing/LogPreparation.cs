using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Logs.Writing;

/// <summary>
/// Prepares the log file and continues its numbers. A damaged file is replaced by an empty one, because the server must not wait
/// for its log, and the charges are stored elsewhere. So is a file that belongs to a later state of the database, because its
/// accounts and keys would be different ones.
/// </summary>
internal sealed partial class LogPreparation(
    IDbContextFactory<NexLlmDbContext> contexts, IDatabaseEngine engine, RequestNumbers numbers, TimeProvider clock,
    ILogger<LogPreparation> log) : IDataPreparation
{
    public async Task PrepareAsync(CancellationToken cancellation)
    {
        var path = engine.LogLocation;
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var charges = await db.Set<LedgerState>().Select(s => s.OldestOpenId).SingleAsync(cancellation);
        try
        {
            if (Prepare(charges))
            {
                return;
            }

            LogOfLater(log, path);
        }
        catch (DamagedDataException)
        {
            LogDamaged(log, path);
        }
        catch (DbException error)
        {
            LogUnusable(log, error, path);
            return;
        }

        engine.DiscardLog();

        Prepare(charges);
    }

    /// <returns>False if the log refers to charges the ledger doesn't have.</returns>
    private bool Prepare(long oldestOpen)
    {
        using var store = engine.OpenLog();
        if (store.ChargesBelow > oldestOpen)
        {
            return false;
        }

        if (store.LastId(RequestNumber.FirstAt(clock.GetUtcNow() + RequestNumbers.MostAhead)) is { } last)
        {
            numbers.Resume(last);
        }

        return true;
    }

    [LoggerMessage(LogLevel.Error, "{Path} is damaged. Starting a new request log; no charges are lost.")]
    private static partial void LogDamaged(ILogger log, string path);

    [LoggerMessage(LogLevel.Warning, "{Path} belongs to a later state of the database. Starting a new request log.")]
    private static partial void LogOfLater(ILogger log, string path);

    [LoggerMessage(LogLevel.Error, "{Path} cannot be used. Requests are not logged for now.")]
    private static partial void LogUnusable(ILogger log, Exception error, string path);
}
