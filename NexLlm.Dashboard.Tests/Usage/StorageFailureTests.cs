using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Tests.TestKit;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Tests.Usage;

/// <summary>The database cannot be written to: requests are refused, what was used is kept, and it heals by itself.</summary>
[SqliteOnly("It locks the file, or fills its disk.")]
public sealed class StorageFailureTests
{
    [Fact]
    public async Task Locked_by_another_program_waiters_are_told_nothing_is_lost_and_it_heals()
    {
        await using var app = new NexLlmApp();
        await FailAndHealAsync(app, () => BrokenStorage.Lock(app));
    }

    [Fact]
    public async Task Read_only_waiters_are_told_nothing_is_lost_and_it_heals()
    {
        using var folder = TemporaryFolder.OfDisk();
        await using var app = new NexLlmApp { LastingFolder = folder };
        await FailAndHealAsync(app, () => BrokenStorage.MakeReadOnly(app));
    }

    [Fact]
    public async Task On_a_full_disk_waiters_are_told_nothing_is_lost_and_it_heals()
    {
        using var disk = BrokenStorage.SmallDisk();
        await using var app = new NexLlmApp { LastingFolder = disk };
        await FailAndHealAsync(app, () => BrokenStorage.Fill(disk));
    }

    [Fact]
    public async Task While_it_fails_it_is_tried_every_second_by_itself()
    {
        await using var app = new NexLlmApp();
        var key = await KeyAsync(app);
        var ticket = app.Reserve(key, 10, 10);
        using (BrokenStorage.Lock(app))
        {
            await Assert.ThrowsAsync<StorageUnavailableException>(async () => await ticket.SettleAsync(3, 4));
        }

        var healed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var changes = app.Services.GetRequiredService<KeyChanges>().Subscribe(change => healed.TrySetResult());
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        await healed.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        Assert.Equal(7, await app.StoredUseAsync(key.Id));
        Assert.Equal(Verdict.Allowed, app.TryReserve(key, 1, 1, out var next));
        next!.Abandon();
        await app.VerifyAsync();
    }

    [Fact]
    public async Task A_request_needs_no_wait_while_the_storage_was_seen_to_work_a_moment_ago()
    {
        await using var app = new NexLlmApp();
        var key = await KeyAsync(app);
        var first = app.Reserve(key, 1, 1);
        await app.Ledger.ReadyAsync(first);
        Assert.Equal(ChargeState.Reserved, Assert.Single(await app.ChargesAsync(key.Id)).State);
        await first.SettleAsync(1, 0);
        var soon = app.Reserve(key, 1, 1);
        await app.Ledger.ReadyAsync(soon);
        Assert.Single(await app.ChargesAsync(key.Id));

        app.Clock.Advance(TimeSpan.FromMilliseconds(250));
        var later = app.Reserve(key, 1, 1);
        await app.Ledger.ReadyAsync(later);

        Assert.Contains(await app.ChargesAsync(key.Id), c => c.RequestId == later.Request.RequestId);
        soon.Abandon();
        later.Abandon();
    }

    private static async Task FailAndHealAsync(NexLlmApp app, Func<IDisposable> breaks)
    {
        var key = await KeyAsync(app);
        var streaming = app.Reserve(key, 10, 10);
        await streaming.DurableAsync();
        var refused = app.Reserve(key, 10, 10);
        var answered = app.Reserve(key, 10, 10);
        using (breaks())
        {
            await Assert.ThrowsAsync<StorageUnavailableException>(async () => await refused.DurableAsync());
            Assert.Equal(Verdict.StorageUnavailable, app.TryReserve(key, 1, 1, out _));
            await Assert.ThrowsAsync<StorageUnavailableException>(async () => await refused.DurableAsync());
            await Assert.ThrowsAsync<StorageUnavailableException>(async () => await answered.SettleAsync(3, 4));
            await Assert.ThrowsAsync<StorageUnavailableException>(async () => await app.Ledger.ReadyAsync(refused));
            refused.Abandon();
            Assert.Equal((7, 20), (key.Spending.Used, key.Spending.Reserved));
            await Assert.ThrowsAsync<StorageUnavailableException>(app.FlushAsync);
            Assert.Equal(Verdict.StorageUnavailable, app.TryReserve(key, 1, 1, out _));
        }

        // What it tries every second.
        await app.FlushAsync();

        await app.Reserve(key, 1, 1).SettleAsync(1, 0);
        await streaming.SettleAsync(5, 5);
        Assert.Equal([10L, 7L, 1L], (await app.ChargesAsync(key.Id)).Select(c => c.ChargedTokens));
        await app.VerifyAsync();
    }

    private static async Task<LiveKey> KeyAsync(NexLlmApp app) =>
        await app.LiveAsync(await app.CreateKeyAsync(await app.CreateActorAsync(), "production"));
}
