using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Logs.Writing;
using NexLlm.Dashboard.Tests.TestKit;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Tests.Logs;

/// <summary>That the log adds up to the charges, whatever became of the process that should have written it.</summary>
public sealed class LogRecoveryTests
{
    [Fact]
    public async Task Charges_whose_lines_a_killed_process_had_not_written_are_added_once()
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync();
        using var logged = await caller.ChatAsync();
        await GatewayApp.UntilAsync(async () => (await app.LinesAsync(caller.Owner)).Count == 1);
        using var lost = await caller.ChatAsync();
        var charges = await caller.ChargesAsync();

        using var left = app.CopyAsIfKilled();
        for (var start = 0; start < 2; start++)
        {
            await using var next = new NexLlmApp { LastingFolder = left };
            _ = next.Address;
            await next.Services.GetRequiredService<LogRecovery>().Done;
            var lines = await next.LinesAsync(caller.Owner);

            Assert.Equal(charges.Select(c => c.RequestId).Order(), lines.Select(l => l.RequestId).Order());
            Assert.Equal(charges.Sum(c => c.ChargedTokens), lines.Sum(l => l.ChargedTokens));
            Assert.All(lines, line => Assert.Equal(200, line.Status));
        }
    }

    [SqliteOnly("It deletes the file.")]
    [Fact]
    public async Task Without_its_file_the_log_begins_with_what_the_charges_say()
    {
        using var folder = new TemporaryFolder();
        Dashboard.Access.Actor owner;
        await using (var app = new NexLlmApp { LastingFolder = folder })
        {
            owner = await app.CreateActorAsync();
            var key = await app.LiveAsync(await app.CreateKeyAsync(owner, "production"));
            for (var i = 0; i < 3; i++)
            {
                await app.Reserve(key, 10, 10).SettleAsync(3, 4);
            }

            app.Reserve(key, 10, 10).Abandon();
        }

        foreach (var part in Directory.GetFiles(folder.Path, "nexllm-log.db*"))
        {
            File.Delete(part);
        }

        await using var next = new NexLlmApp { LastingFolder = folder };
        _ = next.Address;
        await next.Services.GetRequiredService<LogRecovery>().Done;

        var lines = await next.LinesAsync(owner);
        Assert.Equal((3, 21), (lines.Count, lines.Sum(l => l.ChargedTokens)));
        Assert.All(lines, line => Assert.Equal(("nexllm-echo", "production", UsageSource.Upstream), (line.Model, line.KeyName, line.Source)));
    }

    [SqliteOnly("It replaces the file.")]
    [Fact]
    public async Task Beside_a_database_that_was_put_back_by_hand_the_log_begins_anew()
    {
        using var folder = new TemporaryFolder();
        await using (var first = new NexLlmApp { LastingFolder = folder })
        {
            _ = first.Address;
        }

        File.Copy(folder.File("nexllm.db"), folder.File("earlier.db"));
        for (var start = 0; start < 2; start++)
        {
            await using var app = new NexLlmApp { LastingFolder = folder };
            var key = await app.LiveAsync(await app.CreateKeyAsync(await app.CreateActorAsync(), "production"));
            await app.Reserve(key, 10, 10).SettleAsync(3, 4);
            await app.Services.GetRequiredService<LogRecovery>().Done;
            Assert.Equal(start, app.AskLog("SELECT count(*) FROM Lines"));
        }

        File.Move(folder.File("earlier.db"), folder.File("nexllm.db"), overwrite: true);
        // As the refusal to start with an older database says.
        File.Delete(folder.File("nexllm.db.position"));

        await using var next = new NexLlmApp { LastingFolder = folder };
        _ = next.Address;
        Assert.Equal(0, next.AskLog("SELECT count(*) FROM Lines"));
        Assert.Contains("later state of the database", next.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Charges_older_than_the_log_keeps_anything_are_not_added()
    {
        using var folder = new TemporaryFolder();
        await using (var app = new NexLlmApp { LastingFolder = folder })
        {
            var key = await app.LiveAsync(await app.CreateKeyAsync(await app.CreateActorAsync(), "production"));
            await app.Reserve(key, 10, 10).SettleAsync(3, 4);
        }

        var next = new NexLlmApp { LastingFolder = folder, Settings = { ["Logs:Keep"] = "01:00:00" } };
        await using (next)
        {
            next.Clock.Advance(TimeSpan.FromHours(2));
            _ = next.Address;
            await next.Services.GetRequiredService<LogRecovery>().Done;
            Assert.Equal(0, next.AskLog("SELECT count(*) FROM Lines"));
        }
    }

    [Fact]
    public async Task Charges_whose_lines_were_dropped_are_added_at_the_next_start()
    {
        using var folder = new TemporaryFolder();
        long charge;
        await using (var app = new NexLlmApp { LastingFolder = folder })
        {
            var key = await app.LiveAsync(await app.CreateKeyAsync(await app.CreateActorAsync(), "production"));
            await app.Services.GetRequiredService<LogRecovery>().Done;
            using (app.LockLog())
            {
                app.AddLinesUntilSomeAreDropped();
            }

            await app.Reserve(key, 10, 10).SettleAsync(3, 4);
            charge = (await app.ChargesAsync(key.Id)).Single().Id;
            for (var minute = 0; minute < 40; minute++)
            {
                await app.FlushAsync();
                app.Clock.Advance(TimeSpan.FromMinutes(1));
            }
        }

        await using var next = new NexLlmApp { LastingFolder = folder };
        _ = next.Address;
        await next.Services.GetRequiredService<LogRecovery>().Done;
        Assert.Equal(1, next.AskLog($"SELECT count(*) FROM Lines WHERE ChargeId = {charge}"));
    }

    [Fact]
    public async Task The_next_start_looks_back_only_as_far_as_lines_can_be_missing()
    {
        await using var app = new NexLlmApp();
        var key = await app.LiveAsync(await app.CreateKeyAsync(await app.CreateActorAsync(), "production"));
        await app.Services.GetRequiredService<LogRecovery>().Done;
        await app.Reserve(key, 10, 10).SettleAsync(3, 4);
        var running = app.Reserve(key, 10, 10);
        await running.DurableAsync();
        await app.Reserve(key, 10, 10).SettleAsync(3, 4);
        var charges = await app.ChargesAsync(key.Id);

        Assert.Equal(ChargeState.Reserved, charges[1].State);
        await ReachesAsync(app, charges[1].Id);

        await running.SettleAsync(1, 1);
        await ReachesAsync(app, charges[2].Id + 1);
    }

    [Fact]
    public async Task What_ended_a_moment_ago_is_looked_at_again()
    {
        await using var app = new NexLlmApp();
        var key = await app.LiveAsync(await app.CreateKeyAsync(await app.CreateActorAsync(), "production"));
        await app.Services.GetRequiredService<LogRecovery>().Done;
        var before = app.AskLog("SELECT ChargesBelow FROM State");
        await app.Reserve(key, 10, 10).SettleAsync(3, 4);
        await app.FlushAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(15));
        await app.LogWriter.FlushAsync();

        Assert.Equal(before, app.AskLog("SELECT ChargesBelow FROM State"));
    }

    /// <summary>Minutes pass until it looks back so far and no further.</summary>
    private static Task ReachesAsync(NexLlmApp app, long chargeId) => GatewayApp.UntilAsync(async () =>
    {
        await app.FlushAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await app.LogWriter.FlushAsync();
        return app.AskLog("SELECT ChargesBelow FROM State") == chargeId;
    });
}
