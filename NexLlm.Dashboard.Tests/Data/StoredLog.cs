using System.Globalization;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Data.Postgres;
using NexLlm.Dashboard.Data.Sqlite;
using NexLlm.Dashboard.Tests.TestKit;
using Npgsql;

namespace NexLlm.Dashboard.Tests.Data;

public enum Engine
{
    Sqlite,
    Postgres,
}

/// <summary>An empty request log of one of the engines.</summary>
internal sealed class StoredLog : IAsyncDisposable
{
    private readonly TemporaryFolder? _folder;
    private readonly PostgresDatabase? _database;

    private StoredLog(TemporaryFolder folder) => _folder = folder;

    private StoredLog(PostgresDatabase database)
    {
        _database = database;
        Source = NpgsqlDataSource.Create(database.ConnectionString);
        PostgresLogSchema.Discard(Source);
    }

    /// <summary>Of PostgreSQL only.</summary>
    public NpgsqlDataSource Source { get => field!; }

    public static async Task<StoredLog> CreateAsync(Engine engine) => engine is Engine.Sqlite
        ? new StoredLog(new TemporaryFolder())
        : new StoredLog(await (await PostgresServer.SharedAsync()).CreateDatabaseAsync());

    public ILogStore Open() => _folder is null ? new PostgresLogStore(Source) : new LogFile(_folder.File("log.db"));

    public ILogReader OpenReader() => _folder is null ? new PostgresLogReader(Source) : new LogFileReader(_folder.File("log.db"));

    public void Write(params ReadOnlySpan<LogRow> rows)
    {
        using var store = Open();
        store.Begin();
        foreach (var row in rows)
        {
            store.Add(row);
        }

        store.Commit();
    }

    public List<LogRow> Lines()
    {
        using var reader = OpenReader();
        return reader.Read(new LogFilter(), from: 0, before: long.MaxValue, most: 10_000, LogOrder.OldestFirst);
    }

    public static LogRow Row(long id, string? requestId = null, long requests = 1, long? account = 1, int status = 200) => new(
        id, requestId ?? id.ToString(CultureInfo.InvariantCulture), account, KeyId: 2, GroupId: 3, ChannelId: 4, Model: "model", Api: 1, status,
        Code: null, InputTokens: 5, OutputTokens: 6, ChargedTokens: 7, Source: 1, FirstByteMs: 8, DurationMs: 9, Address: null, requests, ChargeId: null);

    public async ValueTask DisposeAsync()
    {
        _folder?.Dispose();
        if (_database is not null)
        {
            await Source.DisposeAsync();
            _database.Dispose();
        }
    }
}
