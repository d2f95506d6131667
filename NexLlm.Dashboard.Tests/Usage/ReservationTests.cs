using System.Diagnostics.Metrics;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Data.Sqlite;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Tests.TestKit;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Tests.Usage;

/// <summary>What is decided in memory, without a file: generated histories of one account with two keys, against a plain model.</summary>
public sealed class ReservationTests
{
    private static readonly Gen<Step> _step = Gen.Frequency(
        (6, Gen.Select(Gen.Int[0, 1], Gen.Long[1, 60], Gen.Long[0, 60], (key, prompt, output) => (Step)new Step.Reserve(key, prompt, output))),
        (5, Gen.Select(Gen.Int[0, 50], Gen.Long[-5, 90], Gen.Long[-5, 90], (which, input, output) => (Step)new Step.Settle(which, input, output))),
        (1, Gen.Int[0, 50].Select(which => (Step)new Step.Abandon(which))),
        (1, Gen.Select(Gen.Int[0, 2], Gen.OneOf(Gen.Const(-1L), Gen.Long[0, 500]), (whose, limit) => (Step)new Step.Limit(whose, limit < 0 ? null : limit))));

    private static readonly UsageMeter _meter = new(new Meters());

    [Fact]
    public void No_history_passes_a_limit_refuses_what_fits_or_loses_a_token() =>
        _step.Array[1, 120].Sample(steps => new History().Play(steps), iter: Scale.Of(500, 10_000));

    [Theory]
    [InlineData(1_000, null)]
    [InlineData(null, 1_000)]
    public async Task Of_64_at_once_no_more_get_in_than_fit(int? keyLimit, int? accountLimit)
    {
        var ledger = Ledger();
        var account = new LiveAccount(1, new AccountState(true, accountLimit), 0);
        var key = new LiveKey(1, account, State(keyLimit), 0);
        var (most, charged) = (0L, 0L);
        using var start = new Barrier(64);

        await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Factory.StartNew(() =>
        {
            start.SignalAndWait();
            for (var round = 0; round < Scale.Of(200, 2_000); round++)
            {
                var verdict = ledger.TryReserve(key, Request(5, 1 + (i % 7)), out var ticket);
                lock (account.Gate)
                {
                    most = Math.Max(most, key.Spending.Used + key.Spending.Reserved);
                }

                if (verdict is Verdict.Allowed && round % 3 == 0)
                {
                    _ = ticket!.SettleAsync(1, 0).AsTask();
                    Interlocked.Increment(ref charged);
                }
                else
                {
                    ticket?.Abandon();
                }
            }
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        Assert.InRange(most, 1, 1_000);
        Assert.Equal((charged, charged), (key.Spending.Used, account.Spending.Used));
        Assert.Equal((0, 0), (key.Spending.Reserved, account.Spending.Reserved));
    }

    [Fact]
    public void A_counter_at_the_end_of_the_number_range_takes_no_more()
    {
        var account = new LiveAccount(1, new AccountState(true, null), long.MaxValue / 2);
        var key = new LiveKey(1, account, State(null), 0);

        Assert.Equal(Verdict.InsufficientAccountQuota, Ledger().TryReserve(key, Request(1, 0), out _));
    }

    [Fact]
    public void A_reservation_allocates_its_ticket_and_nothing_else()
    {
        var ledger = Ledger();
        var key = new LiveKey(1, new LiveAccount(1, new AccountState(true, 1_000_000_000), 0), State(1_000_000_000), 0);
        var request = Request(5, 5);
        const int rounds = 2_000;
        for (var i = 0; i < rounds; i++)
        {
            ledger.TryReserve(key, request, out _);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < rounds; i++)
        {
            ledger.TryReserve(key, request, out _);
        }

        // The ticket, and its share of the queue that this writer, which does not run, never empties.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / rounds, 1, 520);
    }

    private static UsageLedger Ledger()
    {
        var clock = new FakeTimeProvider();
        // Not started: nothing is ever written, and whoever waits waits for ever.
        return new UsageLedger(
            new LedgerWriter(new SqliteEngine(Options.Create(new SqliteOptions()), new WriteGate(), null!), new KeyChanges(), _meter, clock, NullLogger<LedgerWriter>.Instance), null!, clock);
    }

    private static ReservationRequest Request(long prompt, long output) => new("request", 1, "model", 1_000_000, prompt, output, DateTimeOffset.UnixEpoch);

    private static KeyState State(long? limit) =>
        new("key", new KeySnapshot(true, KeyPolicy.Unrestricted(1) with { TokenLimit = limit }), IsDeleted: false);

    private sealed class Meters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options);

        public void Dispose()
        {
        }
    }

    private abstract record Step
    {
        public sealed record Reserve(int Key, long Prompt, long Output) : Step;

        public sealed record Settle(int Which, long Input, long Output) : Step;

        public sealed record Abandon(int Which) : Step;

        /// <summary>0 and 1 are the keys, 2 is the account.</summary>
        public sealed record Limit(int Whose, long? Tokens) : Step;
    }

    private sealed class History
    {
        private readonly UsageLedger _ledger = Ledger();
        private readonly LiveAccount _account = new(1, new AccountState(true, null), 0);
        private readonly LiveKey[] _keys;
        private readonly List<(ChargeTicket Ticket, int Key, bool Limited)> _running = [];
        private readonly long[] _used = new long[3];
        private readonly long?[] _limits = new long?[3];

        public History() => _keys = [new LiveKey(1, _account, State(null), 0), new LiveKey(2, _account, State(null), 0)];

        public bool Play(IEnumerable<Step> steps) => steps.All(Do);

        private bool Do(Step step)
        {
            switch (step)
            {
                case Step.Reserve(var key, var prompt, var output):
                    return Reserve(key, prompt, output) && Agrees();
                case Step.Settle(var which, var input, var output) when _running.Count > 0:
                    return Settle(which % _running.Count, input, output) && Agrees();
                case Step.Abandon(var which) when _running.Count > 0:
                    _running[which % _running.Count].Ticket.Abandon();
                    _running.RemoveAt(which % _running.Count);
                    return Agrees();
                case Step.Limit(var whose, var tokens):
                    _limits[whose] = tokens;
                    return Refresh(whose, tokens) && Agrees();
                default:
                    return true;
            }
        }

        private bool Reserve(int key, long prompt, long output)
        {
            var tokens = prompt + output;
            bool Fits(int whose, bool idle) => _limits[whose] is not { } limit || _used[whose] + (idle ? 0 : Held(whose)) + tokens <= limit;
            var expected = !Fits(2, idle: true) ? Verdict.InsufficientAccountQuota
                : !Fits(key, idle: true) ? Verdict.InsufficientQuota
                : !Fits(2, idle: false) || !Fits(key, idle: false) ? Verdict.QuotaReserved
                : Verdict.Allowed;
            var room = _ledger.RoomFor(_keys[key], 1_000_000);
            var verdict = _ledger.TryReserve(_keys[key], Request(prompt, output), out var ticket);
            if (ticket is not null)
            {
                _running.Add((ticket, key, _limits[key] is not null || _limits[2] is not null));
            }

            return verdict == expected && (ticket is not null) == (verdict is Verdict.Allowed)
                && (room is null || room >= tokens) == (verdict is Verdict.Allowed or Verdict.QuotaReserved);
        }

        private bool Settle(int which, long input, long output)
        {
            var (ticket, key, limited) = _running[which];
            _running.RemoveAt(which);
            _ = ticket.SettleAsync(input, output).AsTask();
            var price = Math.Max(0, input) + Math.Max(0, output);
            var charged = limited ? Math.Min(price, ticket.Reserved) : price;
            _used[key] += charged;
            _used[2] += charged;
            return ticket.Charged == charged && ticket.IsClamped == (price > charged);
        }

        private bool Refresh(int whose, long? tokens)
        {
            if (whose == 2)
            {
                _account.MarkStale();
                return _account.RefreshAsync(() => Task.FromResult(new AccountState(true, tokens))).IsCompletedSuccessfully;
            }

            _keys[whose].MarkStale();
            return _keys[whose].RefreshAsync(() => Task.FromResult(State(tokens))).IsCompletedSuccessfully;
        }

        private long Held(int whose) => _running.Where(r => whose == 2 || r.Key == whose).Sum(r => r.Ticket.Reserved);

        private bool Agrees() =>
            Enumerable.Range(0, 3).All(i => (i == 2 ? _account.Spending : _keys[i].Spending) is var s && s.Used == _used[i] && s.Reserved == Held(i));
    }
}
