using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Backups;

/// <summary>The database moves to PostgreSQL and back, as an operator does it.</summary>
public sealed class MoveTests : BackupTest
{
    [Fact]
    public async Task A_key_and_its_charges_work_after_a_move_to_PostgreSQL_and_back()
    {
        using var postgres = await EmptyAsync();
        await CallOnceAsync(Settings());

        var there = await RunAsync("migrate-to-postgres", postgres.ConnectionString);

        Assert.True(there.ExitCode == 0, there.Errors);
        Assert.Contains("charges: 1", there.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(Database));
        await CallOnceAsync(On(postgres));

        var back = await RunAsync(On(postgres), "migrate-to-sqlite", $"Data Source={Database}");

        Assert.True(back.ExitCode == 0, back.Errors);
        Assert.Contains("Charges: 2", back.Output, StringComparison.Ordinal);
        await CallOnceAsync(Settings());
        var verified = await RunAsync("verify");
        Assert.True(verified.ExitCode == 0, verified.Errors);
    }

    [Fact]
    public async Task A_database_with_accounts_is_no_destination()
    {
        using var postgres = await EmptyAsync();
        var settings = new Dictionary<string, string>(On(postgres))
        {
            ["Setup__AdminEmail"] = "grace@example.com",
            ["Setup__AdminPassword"] = "violet harbour tango 73",
        };
        await using (var program = ProgramProcess.Start(Folder, settings: settings))
        {
            await program.ReadyAsync();
        }

        var refused = await RunAsync("migrate-to-postgres", postgres.ConnectionString);
        var second = await RunAsync("migrate-to-postgres", $"{postgres.ConnectionString}x");

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("already has accounts", refused.Errors, StringComparison.Ordinal);
        Assert.Equal(1, second.ExitCode);
        Assert.Contains("rejected the user", second.Errors, StringComparison.Ordinal);
        Assert.True(File.Exists(Database));
    }

    private static async Task<PostgresDatabase> EmptyAsync() => await (await PostgresServer.SharedAsync()).CreateEmptyAsync();

    private async Task CallOnceAsync(Dictionary<string, string> settings)
    {
        await using var program = ProgramProcess.Start(Folder, settings: settings);
        using var http = Caller(await program.ReadyAsync());
        await CallAsync(http);
        Assert.Equal(0, (await program.StopAsync()).ExitCode);
    }
}
