using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Gateway.Bodies;
using NexLlm.Dashboard.Gateway.Settings;

namespace NexLlm.Dashboard.Tests.Gateway.Bodies;

/// <summary>Work on large bodies waits its turn, and what would wait too long is refused.</summary>
public sealed class CpuWorkQueueTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    private readonly CpuWorkQueue _work = new(Options.Create(new GatewayOptions { MaxWorkBacklog = 8 * _second }));
    private readonly ManualResetEventSlim _go = new();

    [Fact]
    public async Task One_account_has_half_of_the_queue_and_all_accounts_the_whole()
    {
        var busy = Occupy();
        var own = new List<Task<int>>();
        while (_work.TryRun(1, _second, () => 1) is { } task)
        {
            own.Add(task);
        }

        var others = new List<Task<int>>();
        for (var account = 2; _work.TryRun(account, _second, () => 2) is { } task; account++)
        {
            others.Add(task);
        }

        Assert.Equal((4, 8 - busy.Count - 4), (own.Count, others.Count));
        Assert.Equal((503, "server_busy"), (_work.Rejection.Error.Status, _work.Rejection.Error.Code));
        _go.Set();
        await Task.WhenAll([.. busy, .. own, .. others]);
        Assert.Equal(5, await _work.TryRun(1, _second, () => 5)!);
    }

    [Fact]
    public async Task Each_account_has_its_turn()
    {
        var busy = Occupy();
        var order = new List<long>();
        Task<bool> Run(long account) => _work.TryRun(account, _second / 10, () =>
        {
            lock (order)
            {
                order.Add(account);
            }

            return true;
        })!;
        Task[] all = [Run(1), Run(1), Run(1), Run(2)];
        _go.Set();
        await Task.WhenAll([.. busy, .. all]);

        // With several threads two neighbours may change places.
        Assert.InRange(order.IndexOf(2), 0, Threads + 1);
    }

    [Fact]
    public async Task What_fails_fails_for_its_own_request_only()
    {
        var failing = _work.TryRun<int>(1, _second, () => throw new InvalidDataException())!;

        await Assert.ThrowsAsync<InvalidDataException>(() => failing);
        Assert.Equal(7, await _work.TryRun(1, _second, () => 7)!);
        await TestKit.GatewayApp.UntilAsync(() => Task.FromResult(_work.Backlog == TimeSpan.Zero));
    }

    [Fact]
    public async Task Work_that_is_larger_than_the_queue_is_done_while_there_is_no_other() =>
        Assert.Equal(3, await _work.TryRun(1, 100 * _second, () => 3)!);

    private static int Threads => Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>Every thread has something to do until it may go on.</summary>
    private List<Task<bool>> Occupy()
    {
        var started = new CountdownEvent(Threads);
        var busy = Enumerable.Range(0, Threads).Select(i => _work.TryRun(1_000 + i, _second, () =>
        {
            started.Signal();
            return _go.Wait(TimeSpan.FromSeconds(60));
        })!).ToList();
        started.Wait(TimeSpan.FromSeconds(60));
        return busy;
    }
}
