using System.Collections.Concurrent;
using System.Runtime.Versioning;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Backups;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Tests.TestKit;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Tests.Backups;

public sealed class BackupTests : BackupTest
{
    private const int Clients = 6;

    [Fact]
    public async Task A_backup_made_under_load_holds_all_that_was_acknowledged_before_and_its_ledger_is_sound()
    {
        var acknowledged = new ConcurrentQueue<string>();
        string[] before;
        await using (var program = Start())
        {
            using var enough = new CancellationTokenSource();
            var load = LoadAsync(await program.ReadyAsync(), acknowledged, enough.Token);
            await GatewayApp.UntilAsync(() => Task.FromResult(acknowledged.Count > 200));
            before = [.. acknowledged];
            await BackUpAsync();
            await enough.CancelAsync();
            await load;
            Assert.True(acknowledged.Count > before.Length, "Nothing was answered while the backup was made.");
            await program.StopAsync();
        }

        var restored = await RunAsync("restore", Safe);

        Assert.True(restored.ExitCode == 0, restored.Errors);
        Assert.Contains("OK: all counters match the ledger.", restored.Output, StringComparison.Ordinal);
        await using var app = App();
        await using var db = await app.Contexts.CreateDbContextAsync(Cancellation);
        var charges = await db.Set<Charge>().AsNoTracking().ToListAsync(Cancellation);
        Assert.Empty(before.Except(charges.Select(c => c.RequestId)));
        Assert.DoesNotContain(charges, c => c.State is ChargeState.Reserved || c.ReservedTokens != 0);
        Assert.Equal(charges.Sum(c => c.ChargedTokens), (await db.Set<ApiKey>().SingleAsync(k => k.Id == Key.Key.Id, Cancellation)).UsedTokens);
    }

    [Fact]
    public async Task A_backup_overwrites_nothing_and_says_where_it_cannot_write()
    {
        await File.WriteAllTextAsync(Safe, "mine", Cancellation);

        Assert.Equal($"{Safe} already exists. Choose another file.", (await RunAsync("backup", Safe)).Errors.Trim());
        Assert.Equal("mine", await File.ReadAllTextAsync(Safe, Cancellation));
        Assert.Equal($"{Database} already exists. Choose another file.", (await RunAsync("backup", Database)).Errors.Trim());
        Assert.Contains("Create it first", (await RunAsync("backup", Folder.File("nowhere/safe.db"))).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Killed_before_it_is_whole_it_leaves_nothing_that_looks_like_a_backup()
    {
        Assert.NotEqual(0, (await KilledAtAsync("before_backup_is_whole", "backup", Safe)).ExitCode);

        Assert.False(File.Exists(Safe));
        Assert.Contains("was interrupted", (await RunAsync("backup", Safe)).Errors, StringComparison.Ordinal);
        File.Delete($"{Safe}.partial");
        await BackUpAsync();
    }

    [Fact]
    public async Task Given_up_it_leaves_nothing()
    {
        using var enough = new CancellationTokenSource();
        await enough.CancelAsync();
        await using var app = App();

        Assert.ThrowsAny<OperationCanceledException>(() => app.Services.GetRequiredService<IDatabaseEngine>().RequireCopies().CopyTo(Safe, enough.Token));

        Assert.Empty(Directory.GetFiles(Folder.Path, "safe.db*"));
    }

    [Fact]
    public async Task On_a_full_disk_it_says_so_and_keeps_nothing()
    {
        using var disk = BrokenStorage.SmallDisk();
        using var full = BrokenStorage.Fill(disk);

        var refused = await RunAsync("backup", disk.File("safe.db"));

        Assert.Equal((1, $"The disk of {disk.File("safe.db")} is full. No file was created."), (refused.ExitCode, refused.Errors.Trim()));
        Assert.Equal([disk.File("filler")], Directory.GetFiles(disk.Path));
    }

    [Fact]
    public async Task Where_there_is_no_database_it_says_so_and_makes_none()
    {
        var elsewhere = Folder.File("elsewhere/nexllm.db");

        var refused = await RunAsync(new Dictionary<string, string> { ["ConnectionStrings__NexLlm"] = $"Data Source={elsewhere}" }, "backup", Safe);

        Assert.Equal(1, refused.ExitCode);
        Assert.StartsWith($"Database not found: {elsewhere}.", refused.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(Safe));
        Assert.False(Directory.Exists(Folder.File("elsewhere")));
    }

    [Fact]
    public async Task It_copies_a_database_of_another_version_as_it_is()
    {
        Ask(Database, "INSERT INTO __EFMigrationsHistory VALUES ('99990101000000_FromTheFuture', '10.0.0')");

        await BackUpAsync();

        Assert.Equal("99990101000000_FromTheFuture", Ask(Safe, "SELECT max(MigrationId) FROM __EFMigrationsHistory"));
    }

    [Fact]
    public async Task A_damaged_database_is_not_passed_off_as_a_backup()
    {
        Damage(Database);

        var refused = await RunAsync("backup", Safe);

        Assert.Equal(1, refused.ExitCode);
        Assert.StartsWith($"{Database} is damaged", refused.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Folder.Path, "safe.db*"));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_backup_belongs_to_its_owner_alone()
    {
        await BackUpAsync();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Safe));
    }

    [Fact]
    public async Task Administrators_see_when_the_last_one_was_made_and_nobody_else_does()
    {
        var since = TimeProvider.System.GetUtcNow();
        await using (var app = App())
        {
            Assert.Null(await Last(app, await app.CreateActorAsync(administrator: true)));
        }

        await BackUpAsync();

        await using var later = App();
        Assert.InRange((await Last(later, await later.CreateActorAsync(administrator: true)))!.Value, since.AddMilliseconds(-1), TimeProvider.System.GetUtcNow());
        await Assert.ThrowsAsync<Dashboard.Access.AccessDeniedException>(() => Last(later, Owner));
    }

    private static Task<DateTimeOffset?> Last(NexLlmApp app, Actor actor) =>
        app.Services.GetRequiredService<BackupHistory>().LastAsync(actor, Cancellation);

    /// <summary>Calls until it is told to stop, and notes the requests that were answered to the end.</summary>
    private async Task LoadAsync(Uri address, ConcurrentQueue<string> acknowledged, CancellationToken enough)
    {
        using var http = Caller(address);
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                acknowledged.Enqueue(await CallAsync(http));
            }
        })));
    }
}
