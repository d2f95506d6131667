using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Data.Sqlite;

/// <summary>Databases from before channels had a choice of APIs.</summary>
[SqliteOnly("It upgrades a file of an earlier version.")]
public sealed class ChannelApisMigrationTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_older_database_keeps_its_channels_and_what_they_spoke()
    {
        using var folder = new TemporaryFolder();
        await using (var before = new NexLlmApp { LastingFolder = folder })
        {
            await using var db = await before.Contexts.CreateDbContextAsync(Cancellation);
            await db.GetService<IMigrator>().MigrateAsync("20261124030857_Initial", Cancellation);
            await db.Database.ExecuteSqlAsync($"""
                INSERT INTO Channels (Name, Type, BaseUrl, IsEnabled, IsProvisioned, Priority, Weight, Version) VALUES
                    ('old', 'OpenAI', 'http://10.0.0.7/v1', 1, 0, 0, 1, 1), ('claude', 'Anthropic', 'http://10.0.0.8/v1', 1, 0, 0, 1, 1)
                """, Cancellation);
            await db.Database.ExecuteSqlAsync($"INSERT INTO ChannelModels (ChannelId, Name) SELECT Id, 'm' FROM Channels WHERE Name = 'old'", Cancellation);
        }

        await using var app = new NexLlmApp { LastingFolder = folder };
        var channels = await app.Channels.ListAsync(await app.CreateActorAsync(administrator: true), Cancellation);

        Assert.Equal(ApiSettings.DefaultsOf(ChannelType.OpenAI), channels.Single(c => c.Name == "old").Apis);
        Assert.Equal(["m"], channels.Single(c => c.Name == "old").Models.Select(m => m.Name));
        Assert.Equal([UpstreamApi.Messages, UpstreamApi.CountTokens], channels.Single(c => c.Name == "claude").Apis.Select(a => a.Api));
        Assert.Equal(ApiSettings.DefaultsOf(ChannelType.Echo), channels.Single(c => c.Name == "echo").Apis);
        await using var after = await app.Contexts.CreateDbContextAsync(Cancellation);
        await Assert.ThrowsAsync<Microsoft.Data.Sqlite.SqliteException>(() => after.Database.ExecuteSqlAsync($"UPDATE ChannelModels SET PriceUnit = 'Image'", Cancellation));
        await Assert.ThrowsAsync<Microsoft.Data.Sqlite.SqliteException>(() => after.Database.ExecuteSqlAsync($"UPDATE ChannelModels SET PriceUnit = 'Image', PriceTokens = -1", Cancellation));
    }

    [Fact]
    public async Task The_model_has_no_change_without_a_migration()
    {
        await using var app = new NexLlmApp();
        await using var db = await app.Contexts.CreateDbContextAsync(Cancellation);

        Assert.False(db.Database.HasPendingModelChanges());
    }
}
