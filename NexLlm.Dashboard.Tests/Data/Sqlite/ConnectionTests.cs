using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Data.Sqlite;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Data.Sqlite;

[SqliteOnly("It asks for pragmas.")]
public sealed class ConnectionTests
{
    [Theory]
    [InlineData("journal_mode", "wal")]
    [InlineData("synchronous", "2")]
    [InlineData("foreign_keys", "1")]
    [InlineData("busy_timeout", "5000")]
    public async Task Every_connection_is_set_up_for_safety(string pragma, string expected)
    {
        await using var app = new NexLlmApp();

        Assert.Equal(expected, await PragmaAsync(app, pragma));
    }

    [Fact]
    public async Task A_setting_takes_the_wait_for_the_disk_away()
    {
        await using var app = new NexLlmApp { Settings = { [SqliteOptions.SynchronousSetting] = "Normal" } };

        Assert.Equal("1", await PragmaAsync(app, "synchronous"));
    }

    [Fact]
    public async Task A_command_runs_beside_the_server_but_not_on_an_older_schema()
    {
        await using var app = new NexLlmApp();
        using var command = ActivatorUtilities.CreateInstance<SqliteStartup>(app.Services);

        await command.PrepareForCommandAsync(TestContext.Current.CancellationToken);

        await using var db = await app.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken);
        await db.Database.ExecuteSqlAsync($"DELETE FROM __EFMigrationsHistory", TestContext.Current.CancellationToken);
        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => command.PrepareForCommandAsync(TestContext.Current.CancellationToken));
        Assert.Contains("older database schema", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<string> PragmaAsync(NexLlmApp app, string pragma)
    {
        await using var db = await app.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken);
        await db.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = $"PRAGMA {pragma}";
        return $"{await command.ExecuteScalarAsync(TestContext.Current.CancellationToken)}";
    }
}
