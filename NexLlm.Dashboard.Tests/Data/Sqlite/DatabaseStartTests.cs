using System.Diagnostics;
using System.Net;
using System.Runtime.Versioning;
using Microsoft.Data.Sqlite;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Data.Sqlite;

/// <summary>Starts of the real program, in a process of its own, on files in every state.</summary>
[SqliteOnly("It starts on files in all kinds of states.")]
[Collection(Undisturbed.Name)]
public sealed class DatabaseStartTests : IDisposable
{
    private static readonly TimeSpan _promised = TimeSpan.FromSeconds(10);

    private readonly TemporaryFolder _folder = new();

    private string File => _folder.File("data/nexllm.db");

    [Fact]
    public async Task After_a_kill_with_a_stale_migration_lock_and_a_dirty_log_it_is_ready_within_10_seconds()
    {
        await using (var first = ProgramProcess.Start(_folder))
        {
            await first.ReadyAsync();
            Execute("INSERT INTO __EFMigrationsLock (Id, Timestamp) VALUES (1, '2026-01-01 00:00:00')");
            await first.KillAsync();
        }

        Assert.NotEqual(0, new FileInfo(File + "-wal").Length);
        var watch = Stopwatch.StartNew();
        await using var second = ProgramProcess.Start(_folder);
        var address = await second.ReadyAsync();

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, _promised);
        using var client = new HttpClient();
        using var ready = await client.GetAsync(new Uri(address, "readyz"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }

    [Fact]
    public async Task Killed_while_it_makes_its_tables_it_makes_them_at_the_next_start()
    {
        await using (var first = ProgramProcess.Start(_folder))
        {
            await first.SaysAsync("Upgrading the database");
            await first.KillAsync();
        }

        var watch = Stopwatch.StartNew();
        await using var second = ProgramProcess.Start(_folder);
        await second.ReadyAsync();

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, _promised);
    }

    [Fact]
    public async Task A_second_server_on_the_same_file_says_so_and_ends_and_the_first_goes_on()
    {
        await using var first = ProgramProcess.Start(_folder);
        var address = await first.ReadyAsync();

        await using var second = ProgramProcess.Start(_folder);
        var ending = await second.EndAsync();

        Assert.Equal(1, ending.ExitCode);
        Assert.Equal(
            $"Another NexLLM Dashboard is using {File}. Stop it, or set ConnectionStrings__NexLlm to another file.", ending.Errors.Trim());
        using var client = new HttpClient();
        Assert.Equal("Healthy", await client.GetStringAsync(new Uri(address, "readyz"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Stopped_properly_it_exits_with_0_leaves_one_whole_file_and_the_next_takes_it()
    {
        await using var first = ProgramProcess.Start(_folder);
        await first.ReadyAsync();
        Assert.Equal(0, (await first.StopAsync()).ExitCode);
        Assert.False(System.IO.File.Exists(File + "-wal"), "What the log held is not in the database file.");

        await using var second = ProgramProcess.Start(_folder);
        await second.ReadyAsync();
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused_and_left_alone()
    {
        await using (var first = ProgramProcess.Start(_folder))
        {
            await first.ReadyAsync();
            await first.StopAsync();
        }

        Execute("INSERT INTO __EFMigrationsHistory VALUES ('99990101000000_FromTheFuture', '10.0.0')");
        var ending = await RefusedAsync();

        Assert.Contains("newer version", ending.Errors, StringComparison.Ordinal);
        Assert.Contains("99990101000000_FromTheFuture", ending.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_and_left_alone()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        await System.IO.File.WriteAllTextAsync(File, new string('x', 5_000), TestContext.Current.CancellationToken);

        var ending = await RefusedAsync();

        Assert.StartsWith($"{File} is not an SQLite database.", ending.Errors, StringComparison.Ordinal);
        Assert.Equal(5_000, new FileInfo(File).Length);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task The_folder_is_the_owners_alone()
    {
        await using var program = ProgramProcess.Start(_folder);
        await program.ReadyAsync();

        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            System.IO.File.GetUnixFileMode(Path.GetDirectoryName(File)!));
    }

    public void Dispose() => _folder.Dispose();

    private async Task<Ending> RefusedAsync()
    {
        await using var program = ProgramProcess.Start(_folder);
        var ending = await program.EndAsync();
        Assert.Equal(1, ending.ExitCode);
        Assert.DoesNotContain("   at ", ending.Errors + ending.Output, StringComparison.Ordinal);
        return ending;
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
