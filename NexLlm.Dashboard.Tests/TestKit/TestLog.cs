using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Logs;
using NexLlm.Dashboard.Logs.Writing;
using Npgsql;

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

        /// <summary>SQLite's.</summary>
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

        /// <summary>Another program keeps the log from being written.</summary>
        public IDisposable LockLog()
        {
            var other = app.OpenLog();
            using var command = other.CreateCommand();
            command.CommandText = TestEngine.IsPostgres ? "BEGIN; LOCK TABLE lines IN EXCLUSIVE MODE" : "BEGIN IMMEDIATE";
            command.ExecuteNonQuery();
            return other;
        }

        /// <summary>While the log is locked. Those that the writer took before it found that left room behind them.</summary>
        public void AddLinesUntilSomeAreDropped()
        {
            while (app.LogWriter.Dropped < 10)
            {
                app.AddLine(TimeSpan.Zero);
            }
        }

        /// <summary>The first number that a query on the log's tables answers with.</summary>
        public long AskLog(string sql)
        {
            using var connection = app.OpenLog();
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            return Convert.ToInt64(command.ExecuteScalar() is DBNull or null ? 0L : command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
        }

        private DbConnection OpenLog()
        {
            DbConnection connection = TestEngine.IsPostgres
                ? new NpgsqlConnection($"{Task.Run(app.Folder.DatabaseAsync).GetAwaiter().GetResult().ConnectionString};Search Path=log;Pooling=False")
                : new SqliteConnection($"Data Source={app.LogFilePath};Pooling=False");
            connection.Open();
            return connection;
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
