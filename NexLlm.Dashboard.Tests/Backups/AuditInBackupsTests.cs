using System.Security.Cryptography;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Backups;

/// <summary>The chain of the audit where it goes through several processes.</summary>
public sealed class AuditInBackupsTests : BackupTest
{
    [Fact]
    public async Task Commands_beside_a_server_a_backup_and_its_restore_go_on_with_one_chain()
    {
        string noted;
        await using (var server = Start())
        {
            await server.ReadyAsync();
            Assert.Equal(0, (await RunAsync("grant", "--account", Email, "--tokens", "5")).ExitCode);
            await BackUpAsync();
            noted = Head(await RunAsync("verify"));
            await server.StopAsync();
        }

        await DeleteKeyAsync();
        Assert.Equal(0, (await RunAsync("verify", "--audit-head", noted)).ExitCode);

        var restored = await RunAsync("restore", Safe);
        Assert.Equal((0, ""), (restored.ExitCode, restored.Errors));
        Assert.Contains("OK: the audit log is intact.", restored.Output, StringComparison.Ordinal);
        Head(await RunAsync("verify"));

        // The backup was made before its own event, which was noted: going back shows.
        var compared = await RunAsync("verify", "--audit-head", noted);
        Assert.Equal(1, compared.ExitCode);
        Assert.Contains("an earlier backup was restored", compared.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_servers_master_key_a_command_records_nothing()
    {
        await using var server = Start();
        await server.ReadyAsync();
        var other = new Dictionary<string, string>(Settings()) { ["NexLlm__MasterKey"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) };

        var grant = await RunAsync(other, "grant", "--account", Email, "--tokens", "5");
        Assert.Equal(1, grant.ExitCode);
        Assert.StartsWith("The master key does not match this database.", grant.Errors, StringComparison.Ordinal);

        // A backup is as good without a note that it was made.
        var backup = await RunAsync(other, "backup", Safe);
        Assert.Equal(0, backup.ExitCode);
        Assert.StartsWith("Couldn't record the backup in the database (The master key does not match this database.", backup.Errors, StringComparison.Ordinal);
        Head(await RunAsync("verify"));
    }

    [Fact]
    public async Task Tampering_beside_the_server_is_found_beside_it()
    {
        await using var server = Start();
        await server.ReadyAsync();
        Ask(Database, "UPDATE AuditEvents SET ActorId = 77 WHERE Id = 1");

        var verify = await RunAsync("verify");

        Assert.Equal(1, verify.ExitCode);
        Assert.StartsWith("Audit log: event 1, the first with a hash, doesn't match it.", verify.Errors, StringComparison.Ordinal);
        Assert.Contains("OK: all counters match the ledger.", verify.Output, StringComparison.Ordinal);
    }

    private static string Head(Ending verify)
    {
        const string before = "OK: the audit log is intact. Head: ";
        Assert.True(verify.ExitCode == 0, verify.Errors);
        return Assert.Single(verify.Output.Split('\n'), line => line.StartsWith(before, StringComparison.Ordinal))[before.Length..].Trim();
    }
}
