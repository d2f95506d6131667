using System.Buffers;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Components.Urls;
using NexLlm.Dashboard.Logs;

namespace NexLlm.Dashboard.Components.Logs;

/// <summary>The log as a file, with the page's filters and without its length limit. Only the data being sent is held in memory.</summary>
internal static class LogExportEndpoint
{
    public static void MapLogExport(this WebApplication app) => app.MapGet("/logs/export", ExportAsync).RequireAuthorization();

    private static async Task ExportAsync(HttpContext http, RequestLog log, LogExports exports, TimeProvider clock)
    {
        var actor = http.User.ToActor(http.Connection.RemoteIpAddress) ?? Actor.Visitor(http.Connection.RemoteIpAddress);
        var followed = Guid.TryParse(http.Request.Query["export"], out var id) ? exports.Find(id, actor.AccountId) : null;
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, followed?.Cancelled ?? default);
        var query = LogAddress.Read(name => http.Request.Query[name]).ToQuery(clock.GetUtcNow());
        var isComplete = false;
        try
        {
            followed?.Begin();
            var csv = new LogFileWriter(http, clock);
            await foreach (var part in log.ExportAsync(actor, query, csv.Write, stopping.Token))
            {
                await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
                followed?.Sent(part.Made, part.BackTo);
            }

            isComplete = true;
        }
        catch (AccessDeniedException) when (!http.Response.HasStarted)
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        }
        catch (Exception error) when (error is OperationCanceledException or AccessDeniedException)
        {
            // Without a proper end, no browser treats the file as complete.
            http.Abort();
        }
        finally
        {
            followed?.End(isComplete);
        }
    }

    /// <summary>Writes directly into the response's own buffer.</summary>
    private sealed class LogFileWriter(HttpContext http, TimeProvider clock)
    {
        private bool _isBegun;

        /// <returns>The number of lines written.</returns>
        public int Write(IReadOnlyList<LogEntry> lines)
        {
            var csv = http.Response.BodyWriter;
            if (!_isBegun)
            {
                _isBegun = true;
                http.Response.ContentType = "text/csv; charset=utf-8";
                http.Response.Headers.ContentDisposition = FormattableString.Invariant($"attachment; filename=\"nexllm-log-{clock.GetUtcNow():yyyyMMdd-HHmmss}.csv\"");
                csv.Write(LogCsv.Head);
            }

            foreach (var line in lines)
            {
                LogCsv.Append(csv, line);
            }

            return lines.Count;
        }
    }
}
