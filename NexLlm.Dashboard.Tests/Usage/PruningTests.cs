using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Tests.TestKit;
using NexLlm.Dashboard.Usage;
using NexLlm.Dashboard.Usage.RollUp;

namespace NexLlm.Dashboard.Tests.Usage;

public sealed class PruningTests
{
    [Fact]
    public async Task Old_charges_go_and_what_they_add_up_to_stays()
    {
        await using var app = new NexLlmApp { Settings = { ["Usage:KeepCharges"] = "30.00:00:00" } };
        var pruning = app.Services.GetRequiredService<ChargePruning>();
        var key = await app.LiveAsync(await app.CreateKeyAsync(await app.CreateActorAsync(), "production"));
        for (var day = 0; day < 3; day++)
        {
            await app.Reserve(key, 10, 10).SettleAsync(3, 4);
            app.Clock.Advance(TimeSpan.FromDays(1));
        }

        await app.VerifyAsync();
        Assert.Equal(0, await pruning.PruneAsync(TestContext.Current.CancellationToken));

        // The first two are older than 30 days then, the third is not. The hourly round may have been here first.
        app.Clock.Advance(TimeSpan.FromDays(28.5));
        await pruning.PruneAsync(TestContext.Current.CancellationToken);

        Assert.Single(await app.ChargesAsync(key.Id));
        await using var db = await app.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken);
        Assert.Equal([7L, 7L, 7L], await db.Set<UsageQuarter>().Select(q => q.ChargedTokens).ToListAsync(TestContext.Current.CancellationToken));
        Assert.Equal(21, await app.StoredUseAsync(key.Id));
        await app.VerifyAsync();
        await app.Reserve(key, 10, 10).SettleAsync(1, 1);
        await app.VerifyAsync();
    }

    [Fact]
    public async Task What_still_runs_is_kept_and_so_is_what_the_counters_have_not_heard_of()
    {
        await using var app = new NexLlmApp { Settings = { ["Usage:KeepCharges"] = "01:00:00" } };
        var pruning = app.Services.GetRequiredService<ChargePruning>();
        var key = await app.LiveAsync(await app.CreateKeyAsync(await app.CreateActorAsync(), "production"));
        var running = app.Reserve(key, 10, 10);
        await running.DurableAsync();
        await app.Reserve(key, 10, 10).SettleAsync(3, 4);
        app.Clock.Advance(TimeSpan.FromHours(3));

        await app.FlushAsync();
        await pruning.PruneAsync(TestContext.Current.CancellationToken);

        Assert.Equal(2, (await app.ChargesAsync(key.Id)).Count);
        await running.SettleAsync(1, 1);
        await app.VerifyAsync();
    }
}
