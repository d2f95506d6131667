using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Logs;
using NexLlm.Dashboard.Logs.Writing;

namespace NexLlm.Dashboard.Tests.TestKit;

internal static class TestLog
{
    extension(NexLlmApp app)
    {
        public RequestLog Log => app.Services.GetRequiredService<RequestLog>();

        /// <summary>The same log, by a clock on which every search takes too long.</summary>
        public RequestLog HurriedLog => new(
            app.Contexts, app.Services.GetRequiredService<IDatabaseEngine>(), app.LogWriter, app.Services.GetRequiredService<LogTail>(),
            new HurriedClock(app.Clock.GetUtcNow()), NullLogger<RequestLog>.Instance);

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

        /// <summary>Another program holds the log's file.</summary>
        public SqliteConnection LockLog()
        {
            var other = new SqliteConnection($"Data Source={app.LogFilePath};Pooling=False");
            other.Open();
            using var command = other.CreateCommand();
            command.CommandText = "BEGIN IMMEDIATE";
            command.ExecuteNonQuery();
            return other;
        }

        /// <summary>While the file is locked. Those that the writer took before it found that left room behind them.</summary>
        public void AddLinesUntilSomeAreDropped()
        {
            while (app.LogWriter.Dropped < 10)
            {
                app.AddLine(TimeSpan.Zero);
            }
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

    /// <summary>At every look, a second has passed.</summary>
    private sealed class HurriedClock(DateTimeOffset now) : TimeProvider
    {
        private long _looks;

        public override DateTimeOffset GetUtcNow() => now;

        public override long GetTimestamp() => Interlocked.Increment(ref _looks) * TimestampFrequency;
    }
}
