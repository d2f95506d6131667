using CsCheck;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Tests.TestKit;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Tests.Usage;

/// <summary>Starts on what another process left. The kills of the real process stand with the gateway's tests.</summary>
public sealed class RecoveryTests
{
    [Fact]
    public async Task After_a_kill_what_was_settled_counts_what_ran_is_charged_by_its_checkpoint_and_nothing_is_reserved()
    {
        await using var app = new NexLlmApp();
        var (owner, created) = await KeyAsync(app, limit: 10_000);
        var key = await app.LiveAsync(created);
        var streaming = app.Reserve(key, 100, 900);
        var young = app.Reserve(key, 5, 0);
        await streaming.DurableAsync();
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        streaming.Checkpoint(40);
        await app.Reserve(key, 10, 10).SettleAsync(1, 2);
        await app.FlushAsync();
        // Not in the counters yet, nor in any checkpoint.
        young.Abandon();
        await app.Reserve(key, 10, 10).SettleAsync(3, 4);
        streaming.Checkpoint(60);

        using var left = app.CopyAsIfKilled();
        await using var next = new NexLlmApp { LastingFolder = left };
        var live = await next.LiveAsync(created);

        Assert.Equal((3 + 7 + 140, 0), (live.Spending.Used, live.Spending.Reserved));
        var charges = await next.ChargesAsync(key.Id);
        Assert.Equal([ChargeState.Recovered, ChargeState.Abandoned, ChargeState.Settled, ChargeState.Settled], charges.Select(c => c.State));
        Assert.Equal((UsageSource.Recovered, 0L, 140L), (charges[0].Source, charges[0].ReservedTokens, charges[0].ChargedTokens));
        await next.VerifyAsync();
        await next.Reserve(live, 1, 1).SettleAsync(1, 1);
        Assert.True((await next.ChargesAsync(key.Id))[^1].Id > charges[^1].Id);
        Assert.Equal(152, (await next.Keys.FindAsync(owner, key.Id, TestContext.Current.CancellationToken))!.Quota.Used + 2);

        await streaming.SettleAsync(100, 60);
    }

    [Fact]
    public async Task What_was_recovered_is_not_charged_again_by_the_start_after()
    {
        await using var app = new NexLlmApp();
        var (_, created) = await KeyAsync(app, limit: 10_000);
        var key = await app.LiveAsync(created);
        var running = app.Reserve(key, 100, 900);
        await running.DurableAsync();
        await app.Reserve(key, 10, 10).SettleAsync(3, 4);

        using var first = app.CopyAsIfKilled();
        await using var second = new NexLlmApp { LastingFolder = first };
        await second.LiveAsync(created);
        using var killedAgain = second.CopyAsIfKilled();
        await using var third = new NexLlmApp { LastingFolder = killedAgain };

        Assert.Equal(107, (await third.LiveAsync(created)).Spending.Used);
        Assert.Equal(107, await third.StoredUseAsync(key.Id));
        await third.VerifyAsync();
        running.Abandon();
    }

    [Fact]
    public async Task A_proper_stop_leaves_nothing_to_recover()
    {
        using var folder = new TemporaryFolder();
        CreateOutcome.Created created;
        await using (var app = new NexLlmApp { LastingFolder = folder })
        {
            (_, created) = await KeyAsync(app, limit: 10_000);
            await app.Reserve(await app.LiveAsync(created), 10, 10).SettleAsync(3, 4);
        }

        await using var next = new NexLlmApp { LastingFolder = folder };
        Assert.Equal(7, await next.StoredUseAsync(created.Key.Id));
        await using var db = await next.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken);
        var state = await db.Set<LedgerState>().SingleAsync(TestContext.Current.CancellationToken);
        Assert.Equal((1, 2), (state.Watermark, state.OldestOpenId));
    }

    [Fact]
    public async Task Whenever_it_is_killed_what_was_acknowledged_counts_once() =>
        await Gen.Select(Gen.Int[0, 5].Array[1, 40], Gen.Int[0, 40]).SampleAsync(
            async (steps, killedAfter) =>
            {
                await using var app = new NexLlmApp();
                var (_, created) = await KeyAsync(app, limit: null);
                var key = await app.LiveAsync(created);
                var running = new List<ChargeTicket>();
                foreach (var step in steps.Take(killedAfter))
                {
                    await StepAsync(app, key, running, step);
                }

                using var left = app.CopyAsIfKilled();
                await using var next = new NexLlmApp { LastingFolder = left };
                var live = await next.LiveAsync(created);
                await next.VerifyAsync();
                var charges = await next.ChargesAsync(key.Id);
                Assert.Equal(charges.Sum(c => c.ChargedTokens), live.Spending.Used);
                Assert.Equal(key.Spending.Used, charges.Where(c => c.State is ChargeState.Settled).Sum(c => c.ChargedTokens));
                Assert.DoesNotContain(charges, c => c.State is ChargeState.Reserved);
                running.ForEach(ticket => ticket.Abandon());
            },
            iter: Scale.Of(3, 200), threads: 1);

    private static async Task StepAsync(NexLlmApp app, LiveKey key, List<ChargeTicket> running, int step)
    {
        switch (step)
        {
            case 0:
                running.Add(app.Reserve(key, 20, 30));
                break;
            case 1:
                running.Add(app.Reserve(key, 20, 30));
                await running[^1].DurableAsync();
                break;
            case 2 when running.Count > 0:
                await running[0].SettleAsync(11, 13);
                running.RemoveAt(0);
                break;
            case 3 when running.Count > 0:
                running[^1].Abandon();
                running.RemoveAt(running.Count - 1);
                break;
            case 4:
                running.ForEach(ticket => ticket.Checkpoint(ticket.OutputTokens + 3));
                app.Clock.Advance(TimeSpan.FromSeconds(1));
                await app.FlushAsync();
                break;
            default:
                await app.Reserve(key, 5, 5).SettleAsync(2, 3);
                break;
        }
    }

    private static async Task<(Actor Owner, CreateOutcome.Created Key)> KeyAsync(NexLlmApp app, long? limit)
    {
        var owner = await app.CreateActorAsync(tokenLimit: null);
        return (owner, await app.CreateKeyAsync(owner, "production", p => p with { TokenLimit = limit }));
    }
}
