using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Logs.Writing;

/// <summary>
/// Makes the log's file ready, and numbers go on behind those in it. A damaged one is begun anew: the server must not stand
/// still for its log, and the charges, which are the truth, are somewhere else.
/// </summary>
internal sealed partial class LogPreparation(
    IOptions<DatabaseOptions> database, RequestNumbers numbers, TimeProvider clock, ILogger<LogPreparation> log) : IDataPreparation
{
    /// <summary>A number that is further ahead than that comes from a clock that was wrong.</summary>
    private static readonly TimeSpan _mostAhead = TimeSpan.FromMinutes(1);

    public Task PrepareAsync(CancellationToken cancellation)
    {
        var path = database.Value.LogPath;
        try
        {
            Prepare(path);
        }
        catch (SqliteException error) when (error.SqliteErrorCode is SqliteErrors.Corrupt or SqliteErrors.NotADatabase)
        {
            LogDamaged(log, path);
            foreach (var part in (string[])["", "-wal", "-shm"])
            {
                File.Delete(path + part);
            }

            Prepare(path);
        }
        catch (SqliteException error)
        {
            LogUnusable(log, error, path);
        }

        return Task.CompletedTask;
    }

    private void Prepare(string path)
    {
        using var file = new LogFile(path);
        if (file.LastId(RequestNumber.FirstAt(clock.GetUtcNow() + _mostAhead)) is { } last)
        {
            numbers.Resume(last);
        }
    }

    [LoggerMessage(LogLevel.Error, "{Path} is damaged, so the request log begins anew. No charge is lost.")]
    private static partial void LogDamaged(ILogger log, string path);

    [LoggerMessage(LogLevel.Error, "{Path} cannot be used, so requests are not logged for now.")]
    private static partial void LogUnusable(ILogger log, Exception error, string path);
}
