using Microsoft.Extensions.Options;
using Npgsql;

namespace NexLlm.Dashboard.Data.Postgres;

/// <summary>A database on a PostgreSQL server, with the request log in a schema of its own.</summary>
internal sealed class PostgresEngine(IOptions<PostgresOptions> options, NpgsqlDataSource source) : IDatabaseEngine
{
    public const string EngineName = "postgres";

    public string Name => EngineName;

    public string Location => options.Value.Location;

    public string? Folder => null;

    public string LogLocation => $"{Location}, schema log";

    /// <summary>Only the server knows its disk.</summary>
    public bool IsSpaceLow() => false;

    public ILedgerStore OpenLedger() => new PostgresLedgerStore(source);

    public ILogStore OpenLog() => new PostgresLogStore(source);

    public ILogReader OpenLogReader() => new PostgresLogReader(source);

    public void DiscardLog() => PostgresLogSchema.Discard(source);

    public string Retire() => $"The previous database stays in {Location}. Delete it when you no longer need it.";

    public IDatabaseCopies RequireCopies() => throw new StartRefusedException(
        $"""
        This command copies an SQLite file, but the data is in {Location}. Use PostgreSQL's own tools, with the server running:
          back up:  pg_dump --format=custom --file=nexllm.dump {options.Value.Database}
          restore:  stop the server, then pg_restore --clean --if-exists --dbname={options.Value.Database} nexllm.dump
        Keep the setting NexLlm__MasterKey too, in another place.
        """);
}
