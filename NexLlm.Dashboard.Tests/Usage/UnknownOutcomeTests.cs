using CsCheck;
using NexLlm.Dashboard.Tests.TestKit;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Tests.Usage;

/// <summary>A connection breaks during a commit, and nobody knows whether the transaction was committed.</summary>
public sealed class UnknownOutcomeTests
{
    public static TheoryData<string> Outcomes => [.. Enum.GetNames<CommitOutcome>().Where(o => o != nameof(CommitOutcome.Committed))];

    [Theory]
    [MemberData(nameof(Outcomes))]
    public async Task A_reservation_is_refused_and_leaves_nothing_reserved_when_it_is_abandoned(string outcome)
    {
        using var storage = new ScriptedLedger();
        await using var bench = new LedgerBench(storage.Open);
        var ticket = bench.Reserve();
        storage.Next(Enum.Parse<CommitOutcome>(outcome));

        Assert.False(await LedgerBench.IsWrittenAsync(ticket.DurableAsync()));
        ticket.Abandon();
        await HealAsync(storage, bench);

        Assert.DoesNotContain(storage.Stored.Charges.Values, c => c.State == (int)ChargeState.Reserved);
        Assert.Equal(outcome == nameof(CommitOutcome.Failed) ? 0 : 1, storage.Stored.Charges.Count);
        Assert.Equal(0, bench.Key.Spending.Reserved);
    }

    [Theory]
    [MemberData(nameof(Outcomes))]
    public async Task Abandoned_while_its_reservation_is_being_written_it_leaves_nothing_reserved(string outcome)
    {
        using var storage = new ScriptedLedger();
        await using var bench = new LedgerBench(storage.Open);
        var ticket = bench.Reserve();
        storage.Next(Enum.Parse<CommitOutcome>(outcome));
        storage.Pause();
        var durable = LedgerBench.IsWrittenAsync(ticket.DurableAsync());
        await storage.Reached.WaitAsync(TestContext.Current.CancellationToken);

        ticket.Abandon();
        storage.Resume();
        Assert.False(await durable);
        await HealAsync(storage, bench);

        Assert.DoesNotContain(storage.Stored.Charges.Values, c => c.State == (int)ChargeState.Reserved);
    }

    [Theory]
    [MemberData(nameof(Outcomes))]
    public async Task A_settlement_counts_once(string outcome)
    {
        using var storage = new ScriptedLedger();
        await using var bench = new LedgerBench(storage.Open);
        var streamed = bench.Reserve();
        await streamed.DurableAsync();
        storage.Next(Enum.Parse<CommitOutcome>(outcome));
        Assert.False(await LedgerBench.IsWrittenAsync(streamed.SettleAsync(11, 13)));
        storage.Next(Enum.Parse<CommitOutcome>(outcome));
        Assert.False(await LedgerBench.IsWrittenAsync(bench.Reserve().SettleAsync(2, 3)));

        await HealAsync(storage, bench);

        Assert.Equal(29, storage.Stored.UsedBy(bench.Key.Id));
        Assert.Equal(2, storage.Stored.Charges.Values.Count(c => c.State == (int)ChargeState.Settled));
    }

    [Theory]
    [MemberData(nameof(Outcomes))]
    public async Task A_flush_right_after_a_failed_settlement_does_not_pass_it(string outcome)
    {
        using var storage = new ScriptedLedger();
        await using var bench = new LedgerBench(storage.Open);
        await bench.Reserve().SettleAsync(1, 1);
        await storage.Reached.WaitAsync(TestContext.Current.CancellationToken);
        storage.Next(CommitOutcome.Committed, Enum.Parse<CommitOutcome>(outcome), CommitOutcome.Committed);
        var ticket = bench.Reserve();
        storage.Pause();
        var durable = LedgerBench.IsWrittenAsync(ticket.DurableAsync());
        await storage.Reached.WaitAsync(TestContext.Current.CancellationToken);
        // Both are taken in one turn, after the commit that is held up.
        var settled = LedgerBench.IsWrittenAsync(bench.Reserve().SettleAsync(2, 3));
        var flushed = bench.TryFlushAsync();

        storage.Resume();
        Assert.Equal((true, false, true), (await durable, await settled, await flushed));
        ticket.Abandon();
        await HealAsync(storage, bench);

        Assert.Equal(7, storage.Stored.UsedBy(bench.Key.Id));
    }

    [Theory]
    [MemberData(nameof(Outcomes))]
    public async Task A_flush_counts_once_and_so_does_what_is_settled_after_it(string outcome)
    {
        using var storage = new ScriptedLedger();
        await using var bench = new LedgerBench(storage.Open);
        await bench.Reserve().SettleAsync(11, 13);
        storage.Next(Enum.Parse<CommitOutcome>(outcome));
        Assert.False(await bench.TryFlushAsync());
        Assert.False(await LedgerBench.IsWrittenAsync(bench.Reserve().SettleAsync(2, 3)));

        // The newer charge is written, and the flush fails again.
        storage.Next(CommitOutcome.Committed, Enum.Parse<CommitOutcome>(outcome));
        Assert.False(await bench.TryFlushAsync());
        await HealAsync(storage, bench);

        Assert.Equal(29, storage.Stored.UsedBy(bench.Key.Id));
    }

    [Theory]
    [InlineData(nameof(CommitOutcome.UnknownApplied))]
    [InlineData(nameof(CommitOutcome.UnknownLost))]
    [InlineData(nameof(CommitOutcome.UnknownLate))]
    public async Task A_flush_after_one_of_unknown_outcome_may_be_unknown_too(string outcome)
    {
        using var storage = new ScriptedLedger();
        await using var bench = new LedgerBench(storage.Open);
        await bench.Reserve().SettleAsync(11, 13);
        storage.Next(Enum.Parse<CommitOutcome>(outcome));
        Assert.False(await bench.TryFlushAsync());
        Assert.False(await LedgerBench.IsWrittenAsync(bench.Reserve().SettleAsync(2, 3)));

        // The newer charge, the first flush again, and that of the newer charge.
        storage.Next(CommitOutcome.Committed, CommitOutcome.Committed, Enum.Parse<CommitOutcome>(outcome));
        Assert.False(await bench.TryFlushAsync());
        await HealAsync(storage, bench);

        Assert.Equal(29, storage.Stored.UsedBy(bench.Key.Id));
    }

    [Theory]
    [MemberData(nameof(Outcomes))]
    public async Task An_abandonment_leaves_nothing_reserved(string outcome)
    {
        using var storage = new ScriptedLedger();
        await using var bench = new LedgerBench(storage.Open);
        var ticket = bench.Reserve();
        await ticket.DurableAsync();
        storage.Next(Enum.Parse<CommitOutcome>(outcome));
        ticket.Abandon();

        await bench.TryFlushAsync();
        await HealAsync(storage, bench);

        Assert.Equal([(int)ChargeState.Abandoned], storage.Stored.Charges.Values.Select(c => c.State));
    }

    [Theory]
    [MemberData(nameof(Outcomes))]
    public async Task A_checkpoint_is_written_again(string outcome)
    {
        using var storage = new ScriptedLedger();
        await using var bench = new LedgerBench(storage.Open);
        var ticket = bench.Reserve();
        bench.Clock.Advance(TimeSpan.FromSeconds(1));
        await bench.TryFlushAsync();
        ticket.Checkpoint(17);
        storage.Next(Enum.Parse<CommitOutcome>(outcome));
        Assert.False(await bench.TryFlushAsync());

        Assert.True(await bench.TryFlushAsync());

        Assert.Equal(17, Assert.Single(storage.Stored.Charges.Values).OutputTokens);
        ticket.Abandon();
    }

    [Fact]
    public void Whatever_happens_to_its_commits_the_ledger_counts_each_charge_once() =>
        Gen.Select(Gen.Int[0, 6], Gen.Enum<CommitOutcome>(), Gen.Bool).Array[1, 60].Sample(
            steps => PlayAsync(steps).GetAwaiter().GetResult(), iter: Scale.Of(300, 20_000), threads: 1);

    private static async Task PlayAsync((int Action, CommitOutcome Outcome, bool Waits)[] steps)
    {
        using var storage = new ScriptedLedger();
        await using var bench = new LedgerBench(storage.Open);
        var running = new List<ChargeTicket>();
        var writes = new List<Task>();
        foreach (var (action, outcome, waits) in steps)
        {
            storage.Next(outcome);
            Act(bench, running, writes, action);
            if (waits)
            {
                // What was begun since the last wait is written in one batch or a few.
                storage.Resume();
                await Task.WhenAll(writes);
                writes.Clear();
                storage.Pause();
            }
        }

        storage.Resume();
        await Task.WhenAll(writes);
        storage.Heal();
        running.ForEach(ticket => ticket.Abandon());
        await HealAsync(storage, bench);
        Assert.Equal(storage.Stored.Charges.Values.Sum(c => c.ChargedTokens), bench.Key.Spending.Used);
        Assert.Equal(bench.Key.Spending.Used, storage.Stored.UsedBy(bench.Key.Id));
        Assert.DoesNotContain(storage.Stored.Charges.Values, c => c.State == (int)ChargeState.Reserved);
    }

    private static void Act(LedgerBench bench, List<ChargeTicket> running, List<Task> writes, int action)
    {
        switch (action)
        {
            case 0 when !bench.Writer.IsFailing:
                running.Add(bench.Reserve());
                break;
            case 1 when !bench.Writer.IsFailing:
                running.Add(bench.Reserve());
                writes.Add(LedgerBench.IsWrittenAsync(running[^1].DurableAsync()));
                break;
            case 2 when running.Count > 0:
                writes.Add(LedgerBench.IsWrittenAsync(running[0].SettleAsync(11, 13)));
                running.RemoveAt(0);
                break;
            case 3 when running.Count > 0:
                running[^1].Abandon();
                running.RemoveAt(running.Count - 1);
                break;
            case 4:
                running.ForEach(ticket => ticket.Checkpoint(ticket.OutputTokens + 3));
                bench.Clock.Advance(TimeSpan.FromSeconds(1));
                break;
            case 5:
                writes.Add(bench.TryFlushAsync());
                break;
            default:
                writes.Add(LedgerBench.IsWrittenAsync(bench.Reserve().SettleAsync(2, 3)));
                break;
        }
    }

    /// <summary>Storage works again: everything is written, and nothing would ever have been lost by a crash.</summary>
    private static async Task HealAsync(ScriptedLedger storage, LedgerBench bench)
    {
        storage.Heal();
        Assert.True(await bench.TryFlushAsync());
        Assert.True(await bench.TryFlushAsync());
        Assert.Empty(storage.Breaches);
        Assert.Equal(bench.Key.Spending.Used, storage.Stored.UsedBy(bench.Key.Id));
    }
}
