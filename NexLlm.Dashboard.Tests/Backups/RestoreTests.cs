using System.Runtime.Versioning;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Administration;
using NexLlm.Dashboard.Accounts.Recovery;
using NexLlm.Dashboard.Tests.TestKit;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Tests.Backups;

public sealed class RestoreTests : BackupTest
{
    [Fact]
    public async Task It_names_the_keys_and_accounts_that_were_stopped_since_and_work_again()
    {
        await BackUpAsync();
        await using (var app = App())
        {
            await app.Keys.DeleteAsync(Owner, [Key.Key.Id], Cancellation);
            var access = app.Services.GetRequiredService<AccountAccess>();
            await access.SetEnabledAsync(await app.CreateActorAsync(administrator: true), Owner.AccountId!.Value, enabled: false, Cancellation);
        }

        var restored = await RunAsync("restore", Safe);

        Assert.Contains("WARNING: 1 key that was deleted or disabled after this backup is active again", restored.Output, StringComparison.Ordinal);
        Assert.Contains($"  {Key.Key.DisplayForm}  production-app ({Email})", restored.Output, StringComparison.Ordinal);
        Assert.Contains("WARNING: 1 account that was disabled after this backup is active again", restored.Output, StringComparison.Ordinal);
        Assert.True(await KeyWorksAsync());
    }

    [Fact]
    public async Task Where_there_is_nothing_to_compare_with_it_says_that_stopped_keys_may_work_again()
    {
        await BackUpAsync();
        File.Delete(Database);

        var restored = await RunAsync("restore", Safe);

        Assert.Equal(0, restored.ExitCode);
        Assert.Contains("they can't be listed", restored.Output, StringComparison.Ordinal);
        Assert.True(await KeyWorksAsync());
    }

    [Fact]
    public async Task It_brings_back_no_login_and_no_one_time_link()
    {
        IssuedLink link;
        await using (var app = App())
        {
            var administrator = await app.CreateActorAsync(administrator: true);
            link = (await app.Services.GetRequiredService<PasswordResets>().IssueAsync(administrator, Owner.AccountId!.Value, Cancellation))!;
        }

        await BackUpAsync();

        Assert.Equal(0, (await RunAsync("restore", Safe)).ExitCode);

        await using var again = App();
        Assert.Null(await again.Services.GetRequiredService<PasswordResets>().FindAsync(link.Token, Cancellation));
        await Assert.ThrowsAsync<AccessDeniedException>(() => again.Keys.FindAsync(Owner, Key.Key.Id, Cancellation));
    }

    [Fact]
    public async Task Nobody_sees_the_requests_of_an_account_that_is_not_there_yet()
    {
        await BackUpAsync();
        await using (var app = App())
        {
            var later = await app.CreateActorAsync();
            app.AddLine(TimeSpan.Zero, line => line with { AccountId = later.AccountId, Model = "hers" });
            Assert.Single(await app.LinesAsync(later));
        }

        Assert.Equal(0, (await RunAsync("restore", Safe)).ExitCode);

        await using var again = App();
        var other = await again.CreateActorAsync();
        Assert.Empty(await again.LinesAsync(other));
        Assert.True(File.Exists(Replaced("nexllm-log.db")));
    }

    [Fact]
    public async Task Beside_a_running_server_it_is_refused()
    {
        await BackUpAsync();
        await using var program = Start();
        await program.ReadyAsync();

        var refused = await RunAsync("restore", Safe);

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("Stop it first", refused.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_whole_backup_is_refused_and_nothing_changes()
    {
        await BackUpAsync();
        Damage(Safe);
        var other = Folder.File("other.db");
        await File.WriteAllTextAsync(other, "Not a database, but long enough to be taken for the beginning of one.", Cancellation);
        var none = Folder.File("none.db");

        var before = await DatabaseAsync();

        Assert.Equal($"{Safe} is damaged. Nothing was changed.", await RefusedAsync(Safe));
        Assert.Equal($"{other} is not a NexLLM Dashboard database. Nothing was changed.", await RefusedAsync(other));
        Assert.Equal($"{none} does not exist. Nothing was changed.", await RefusedAsync(none));
        Assert.Equal(before, await DatabaseAsync());
    }

    [Theory]
    [InlineData(false, "The master key of this database is missing")]
    [InlineData(true, "The master key does not match this database")]
    public async Task A_backup_of_another_master_key_leaves_everything_as_it_was(bool another, string words)
    {
        await BackUpAsync();
        var before = await DatabaseAsync();
        File.Move(Folder.File("master.key"), Folder.File("elsewhere.key"));
        if (another)
        {
            await File.WriteAllTextAsync(Folder.File("master.key"), Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), Cancellation);
        }

        var errors = await RefusedAsync(Safe);

        Assert.Contains("Couldn't use the backup. Nothing was changed:", errors, StringComparison.Ordinal);
        Assert.Contains(words, errors, StringComparison.Ordinal);
        Assert.Equal(before, await DatabaseAsync());
    }

    [Fact]
    public async Task A_backup_of_a_newer_version_leaves_everything_as_it_was()
    {
        await BackUpAsync();
        var before = await DatabaseAsync();
        Ask(Safe, "INSERT INTO __EFMigrationsHistory VALUES ('99990101000000_FromTheFuture', '10.0.0')");

        Assert.Contains("99990101000000_FromTheFuture", await RefusedAsync(Safe), StringComparison.Ordinal);
        Assert.Equal(before, await DatabaseAsync());
    }

    [Theory]
    [InlineData("before_replace", false)]
    [InlineData("after_replace", true)]
    public async Task Killed_in_the_midst_it_leaves_the_old_database_or_the_new_one(string point, bool isNew)
    {
        await BackUpAsync();
        await DeleteKeyAsync();

        Assert.NotEqual(0, (await KilledAtAsync(point, "restore", Safe)).ExitCode);

        Assert.Equal(isNew, await KeyWorksAsync());
        Assert.Equal(0, (await RunAsync("restore", Safe)).ExitCode);
        Assert.True(await KeyWorksAsync());
    }

    [Fact]
    public async Task What_a_killed_server_had_written_is_kept_and_can_be_gone_back_to()
    {
        await BackUpAsync();
        string requestId;
        await using (var program = Start())
        {
            using var http = Caller(await program.ReadyAsync());
            requestId = await CallAsync(http);
            await program.KillAsync();
        }

        Assert.NotEqual(0, new FileInfo(Database + "-wal").Length);
        Assert.Equal(0, (await RunAsync("restore", Safe)).ExitCode);
        var kept = Replaced();
        Assert.Equal(0, (await RunAsync("restore", kept)).ExitCode);

        await using var app = App();
        await using var db = await app.Contexts.CreateDbContextAsync(Cancellation);
        Assert.Equal(requestId, (await db.Set<Charge>().SingleAsync(Cancellation)).RequestId);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_backup_that_everybody_may_read_and_nobody_write_becomes_the_owner_s_alone()
    {
        await BackUpAsync();
        File.SetUnixFileMode(Safe, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        Assert.Equal(0, (await RunAsync("restore", Safe)).ExitCode);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Database));
    }

    /// <returns>What it said.</returns>
    private async Task<string> RefusedAsync(string file)
    {
        var refused = await RunAsync("restore", file);
        Assert.Equal(1, refused.ExitCode);
        Assert.Empty(Directory.GetFiles(Folder.Path, "*.replaced-*"));
        Assert.Empty(Directory.GetFiles(Folder.Path, "*.restoring"));
        return refused.Errors.Trim();
    }

    private Task<byte[]> DatabaseAsync() => File.ReadAllBytesAsync(Database, Cancellation);
}
