using NexLlm.Dashboard.Accounts.Passwords;

namespace NexLlm.Dashboard.Tests.Accounts.Passwords;

public sealed class FairSemaphoreTests
{
    [Fact]
    public async Task Whoever_waits_behind_a_crowd_of_another_lane_is_next_but_one()
    {
        var slots = new FairSemaphore(1, 100);
        Assert.True(await EnterAsync(slots, "crowd"));
        var served = new List<string>();
        var crowd = Enumerable.Range(0, 20).Select(i => ServeAsync(slots, "crowd", $"crowd {i}", served)).ToList();
        var other = ServeAsync(slots, "other", "other", served);
        Assert.Equal(21, slots.Waiting);

        slots.Exit();
        await Task.WhenAll([.. crowd, other]);

        Assert.InRange(served.IndexOf("other"), 0, 1);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"crowd {i}"), served.Where(name => name != "other"));
        Assert.Equal(0, slots.Waiting);
    }

    [Fact]
    public async Task Beyond_its_queue_it_refuses_at_once_and_afterwards_lets_in_again()
    {
        var slots = new FairSemaphore(1, 2);
        Assert.True(await EnterAsync(slots, "a"));
        var second = EnterAsync(slots, "b");
        var third = EnterAsync(slots, "c");

        Assert.False(await EnterAsync(slots, "d"));

        slots.Exit();
        Assert.True(await second);
        slots.Exit();
        Assert.True(await third);
        slots.Exit();
        Assert.True(await EnterAsync(slots, "d"));
    }

    [Fact]
    public async Task Whoever_leaves_while_waiting_costs_nobody_a_turn()
    {
        var slots = new FairSemaphore(1, 100);
        Assert.True(await EnterAsync(slots, "a"));
        using var leaving = new CancellationTokenSource();
        var gone = Enumerable.Range(0, 10).Select(i => slots.TryEnterAsync($"lane {i % 3}", leaving.Token).AsTask()).ToList();
        var stays = EnterAsync(slots, "lane 1");

        await leaving.CancelAsync();
        foreach (var left in gone)
        {
            await Assert.ThrowsAsync<TaskCanceledException>(() => left);
        }

        Assert.Equal(1, slots.Waiting);
        slots.Exit();
        Assert.True(await stays);
        slots.Exit();
        Assert.True(await EnterAsync(slots, "a"));
    }

    private static Task<bool> EnterAsync(FairSemaphore slots, string lane) =>
        slots.TryEnterAsync(lane, TestContext.Current.CancellationToken).AsTask();

    private static async Task ServeAsync(FairSemaphore slots, string lane, string name, List<string> served)
    {
        Assert.True(await EnterAsync(slots, lane));
        served.Add(name);
        slots.Exit();
    }
}
