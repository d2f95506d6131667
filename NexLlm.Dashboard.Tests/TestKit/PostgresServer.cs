using System.Diagnostics;
using System.Security.Cryptography;
using Npgsql;

namespace NexLlm.Dashboard.Tests.TestKit;

/// <summary>A PostgreSQL server of this test run. Skips the test if PostgreSQL isn't installed.</summary>
public sealed class PostgresServer
{
    private static readonly Lazy<Task<PostgresServer>> _shared = new(StartAsync);
    private int _databases;

    public required string Folder { get; init; }

    public required int Port { get; init; }

    public static Task<PostgresServer> SharedAsync() => _shared.Value;

    public string ConnectionString(string database) => $"Host={Folder};Port={Port};Database={database};Username=postgres";

    public async Task<PostgresDatabase> CreateDatabaseAsync()
    {
        var name = $"test{Interlocked.Increment(ref _databases)}";
        await using var source = NpgsqlDataSource.Create(ConnectionString("postgres"));
        await using var command = source.CreateCommand($"CREATE DATABASE {name}");
        await command.ExecuteNonQueryAsync();
        return new PostgresDatabase(this, name);
    }

    private static async Task<PostgresServer> StartAsync()
    {
        const string bin = "/usr/lib/postgresql/15/bin";
        Assert.SkipUnless(File.Exists($"{bin}/postgres"), "Needs PostgreSQL 15.");
        var folder = new TemporaryFolder().Path;
        var port = RandomNumberGenerator.GetInt32(20_000, 32_000);
        var script =
            $"""
            chown postgres {folder}
            su postgres -s /bin/sh -c "cd {folder} && {bin}/initdb -N --locale=C -E UTF8 -A trust -U postgres -D {folder}/data >/dev/null &&
                {bin}/pg_ctl -w -D {folder}/data -o '-k {folder} -p {port} -c listen_addresses= -c fsync=off -c jit=off' -l {folder}/log start >/dev/null"
            (while kill -0 {Environment.ProcessId} 2>/dev/null; do sleep 1; done; kill -QUIT $(head -n 1 {folder}/data/postmaster.pid)) >/dev/null 2>&1 &
            """;
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", script]))!;
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return new PostgresServer { Folder = folder, Port = port };
    }
}

/// <summary>A database that disposing drops.</summary>
public sealed class PostgresDatabase(PostgresServer server, string name) : IDisposable
{
    public string ConnectionString { get; } = server.ConnectionString(name);

    public void Dispose()
    {
        using var source = NpgsqlDataSource.Create(server.ConnectionString("postgres"));
        using var command = source.CreateCommand($"DROP DATABASE {name} WITH (FORCE)");
        command.ExecuteNonQuery();
    }
}
