using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Logs;
using NexLlm.Dashboard.Logs.Writing;

namespace NexLlm.Dashboard.Tests.TestKit;

internal static class TestLog
{
    extension(NexLlmApp app)
    {
        public RequestLog Log => app.Services.GetRequiredService<RequestLog>();

        public LogWriter LogWriter => app.Services.GetRequiredService<LogWriter>();

        public string LogFilePath => app.Folder.File("nexllm-log.db");

        /// <summary>What a search shows once all that has ended is written.</summary>
        public async Task<IReadOnlyList<LogEntry>> LinesAsync(Actor actor, LogQuery? query = null)
        {
            await app.LogWriter.FlushAsync();
            return (await app.Log.SearchAsync(actor, query ?? new LogQuery(), TestContext.Current.CancellationToken)).Lines;
        }

        /// <summary>Logs a request that came so long ago, past the gateway.</summary>
        public LoggedRequest AddLine(TimeSpan ago, Func<LoggedRequest, LoggedRequest>? change = null)
        {
            var number = app.Services.GetRequiredService<RequestNumbers>().Next() - RequestNumber.FirstAt((long)ago.TotalMilliseconds);
            var line = new LoggedRequest { Number = number, RequestId = RequestNumber.NewId(number), Status = 200 };
            line = change?.Invoke(line) ?? line;
            app.LogWriter.Add(line);
            return line;
        }

        /// <summary>The first number that a query on the log's file answers with, as SQLite says it.</summary>
        public long AskLogFile(string sql)
        {
            using var connection = new SqliteConnection($"Data Source={app.LogFilePath};Pooling=False;Mode=ReadOnly");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            return Convert.ToInt64(command.ExecuteScalar() is DBNull or null ? 0L : command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
        }
    }
}
