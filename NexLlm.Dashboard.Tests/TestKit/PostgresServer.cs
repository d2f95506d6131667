using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace NexLlm.Dashboard.Tests.TestKit;

/// <summary>
/// A PostgreSQL server of this test run, started at first use from the installed package, with its data in a temporary folder. It ends with the
/// process of the tests, even when that is killed.
/// </summary>
public sealed class PostgresServer
{
    private const string Empty = "template0";
    private const string Missing = "Needs PostgreSQL 15 or later.";

    // The pipe that it reads closes when the process of the tests ends, for whatever reason.
    private const string Supervisor = """
        bin=$1 folder=$2 port=$3 user=$4
        as_user() { if [ -n "$user" ]; then su -s /bin/sh "$user" -c "$1"; else sh -c "$1"; fi; }
        if [ -n "$user" ]; then chown "$user" "$folder"; fi
        (
          as_user "cd '$folder' && '$bin/initdb' -N --locale=C -E UTF8 -A trust -U postgres -D '$folder/data' >/dev/null" &&
            as_user "cd '$folder' && exec '$bin/postgres' -D '$folder/data' -k '$folder' -p $port -c listen_addresses=127.0.0.1 \
              -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c wal_level=minimal -c max_wal_senders=0 -c max_wal_size=512MB \
              -c autovacuum=off -c jit=off -c max_connections=400 -c log_checkpoints=off"
          echo 'The server ended.'
        ) >&2 &
        read -r _
        kill -QUIT "$(head -n 1 "$folder/data/postmaster.pid")"
        wait
        rm -rf "$folder"
        """;

    private static readonly Lazy<Task<PostgresServer>> _shared = new(StartAsync);

    private readonly string _programs;
    private readonly NpgsqlDataSource _administration;
    private readonly SemaphoreSlim _cloning = new(1);
    private readonly Lazy<Task<string>> _template;
    private int _databases;

    private PostgresServer(string programs, Process supervisor, string folder, int port)
    {
        _programs = programs;
        SupervisorProcess = supervisor;
        Folder = folder;
        Port = port;
        _administration = NpgsqlDataSource.Create(ConnectionString("postgres"));
        _template = new Lazy<Task<string>>(CreateTemplateAsync);
    }

    /// <summary>The server for all tests that don't need one of their own. Skips the test if PostgreSQL isn't installed.</summary>
    public static Task<PostgresServer> SharedAsync() => _shared.Value;

    /// <summary>Ends the server when its input ends, so it has to stay open as long as this process.</summary>
    internal Process SupervisorProcess { get; }

    /// <summary>Where its Unix socket is.</summary>
    public string Folder { get; }

    /// <summary>Its port on 127.0.0.1.</summary>
    public int Port { get; }

    public string ConnectionString(string database) => $"Host={Folder};Port={Port};Database={database};Username=postgres";

    /// <summary>A database of its own for one application.</summary>
    public async Task<PostgresDatabase> CreateDatabaseAsync() => await CreateAsync(await _template.Value);

    /// <summary>A database without even tables.</summary>
    public Task<PostgresDatabase> CreateEmptyAsync() => CreateAsync(Empty);

    private async Task<PostgresDatabase> CreateAsync(string template)
    {
        var name = $"test{Interlocked.Increment(ref _databases)}";
        await CloneAsync(template, name);
        return new PostgresDatabase(this, name);
    }

    internal void Drop(string database)
    {
        using var command = _administration.CreateCommand($"DROP DATABASE \"{database}\" WITH (FORCE)");
        command.ExecuteNonQuery();
    }

    /// <summary>Whether nobody holds an advisory lock in the database, as a running application does.</summary>
    internal async Task<bool> IsFreeAsync(string database)
    {
        await using var command = _administration.CreateCommand(
            "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE l.locktype = 'advisory' AND d.datname = $1");
        command.Parameters.AddWithValue(database);
        return await command.ExecuteScalarAsync() is 0L;
    }

    /// <summary>Runs a client program of the server's version on a database.</summary>
    internal async Task<string> RunAsync(string program, string database, string input = "", params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(_programs, program), ["-h", Folder, "-p", $"{Port}", "-U", "postgres", "-d", database, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException(await errors);
    }

    private async Task<string> CreateTemplateAsync()
    {
        const string name = "migrated";
        await CloneAsync(Empty, name);
        await EmptyDatabase.MigrateAsync(ConnectionString(name));
        return name;
    }

    private async Task CloneAsync(string template, string name)
    {
        await _cloning.WaitAsync();
        try
        {
            await ExecuteAsync($"CREATE DATABASE \"{name}\" TEMPLATE \"{template}\"");
        }
        finally
        {
            _cloning.Release();
        }
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _administration.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<PostgresServer> StartAsync()
    {
        var programs = Programs();
        Assert.SkipWhen(programs is null, Missing);
        var folder = new TemporaryFolder().Path;
        var port = FreePort();
        string[] arguments = ["-c", Supervisor, "sh", programs, folder, $"{port}", User()];
        // In a session of its own, which is not killed along with the tests, so that it can clear up.
        var start = File.Exists("/usr/bin/setsid") ? new ProcessStartInfo("setsid", ["sh", .. arguments]) : new ProcessStartInfo("sh", arguments);
        start.RedirectStandardInput = true;
        start.RedirectStandardError = true;
        var supervisor = Process.Start(start)!;
        await ReadyAsync(supervisor);
        return new PostgresServer(programs, supervisor, folder, port);
    }

    private static async Task ReadyAsync(Process supervisor)
    {
        var said = new StringBuilder();
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // Reading goes on after that, or the server would wait for it.
        supervisor.ErrorDataReceived += (_, line) =>
        {
            if (ready.Task.IsCompleted)
            {
                return;
            }

            said.AppendLine(line.Data);
            if (line.Data?.Contains("ready to accept connections", StringComparison.Ordinal) is true)
            {
                ready.TrySetResult();
            }
            else if (line.Data is null or "The server ended.")
            {
                ready.TrySetException(new InvalidOperationException($"PostgreSQL did not start: {said}"));
            }
        };
        supervisor.BeginErrorReadLine();
        await ready.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    /// <summary>The folder of the newest installed version: Debian's packages are not in the path.</summary>
    private static string? Programs()
    {
        var debian = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [];
        var folders = debian
            .OrderByDescending(f => int.TryParse(Path.GetFileName(f), out var version) ? version : 0)
            .Select(f => Path.Combine(f, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator));
        return folders.FirstOrDefault(f => File.Exists(Path.Combine(f, "initdb")) && File.Exists(Path.Combine(f, "postgres")) && IsRecent(f));
    }

    private static bool IsRecent(string folder)
    {
        using var asked = Process.Start(new ProcessStartInfo(Path.Combine(folder, "postgres"), ["--version"]) { RedirectStandardOutput = true })!;
        // As in "postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)".
        var version = asked.StandardOutput.ReadToEnd().Split(' ').ElementAtOrDefault(2)?.Split('.')[0].Trim();
        return int.TryParse(version, out var major) && major >= 15;
    }

    /// <summary>PostgreSQL refuses to run as root.</summary>
    private static string User() => !Environment.IsPrivilegedProcess ? ""
        : File.ReadLines("/etc/passwd").Any(l => l.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres"
        : "nobody";

    /// <summary>Not one of those that the system gives to whoever asks for any: another test could be faster.</summary>
    private static int FreePort()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(20_000, 32_000);
            try
            {
                using var taken = new TcpListener(IPAddress.Loopback, port);
                taken.Start();
                return port;
            }
            catch (SocketException)
            {
            }
        }
    }
}

/// <summary>A database that disposing drops, whoever is still connected.</summary>
public sealed class PostgresDatabase(PostgresServer server, string name) : IDisposable
{
    public string Name => name;

    /// <summary>By the Unix socket.</summary>
    public string ConnectionString { get; } = server.ConnectionString(name);

    /// <summary>Waits until no application uses it.</summary>
    public async Task FreeAsync()
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!await server.IsFreeAsync(name))
        {
            await pace.WaitForNextTickAsync(patience.Token);
        }
    }

    /// <summary>All that is in it, as SQL.</summary>
    public Task<string> DumpAsync() => server.RunAsync("pg_dump", name);

    /// <summary>Another database with the same in it.</summary>
    public async Task<PostgresDatabase> CopyAsync()
    {
        var copy = await server.CreateEmptyAsync();
        await server.RunAsync("psql", copy.Name, await DumpAsync(), "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1");
        return copy;
    }

    public void Dispose() => server.Drop(name);
}
