using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Data.Postgres;
using NexLlm.Dashboard.Tests.TestKit;
using Npgsql;

namespace NexLlm.Dashboard.Tests.Data.Postgres;

/// <summary>The ledger's statements on a real server.</summary>
public sealed class PostgresLedgerTests
{
    private static readonly ChargeRow _reserved = new(7, "request-7", 1, 2, 3, "model", 0, 0, 1_000_000, 50, 20, 0, 0, false, null, 1_000, null);
    private static readonly ChargeRow _settled = _reserved with
    {
        State = 1,
        Source = 1,
        ReservedTokens = 0,
        InputTokens = 11,
        OutputTokens = 13,
        ChargedTokens = 24,
        IsClamped = true,
        Settlement = 1,
        SettledAt = 2_000,
    };

    [Fact]
    public async Task A_charge_is_stored_settled_and_left_alone_by_whatever_arrives_late()
    {
        using var database = await LedgerDatabase.CreateAsync();
        using var store = database.Open();

        Commit(store, s => s.Insert(_reserved));
        Assert.Equal([0, 0, 50, 20, 0, 0, 0, null, 1_000, null], Stored(database));
        Commit(store, s => s.Checkpoint(7, 5));
        Commit(store, s => s.Checkpoint(7, 4));
        Assert.Equal(5, database.Number("SELECT outputtokens FROM charges"));
        Commit(store, s => s.Settle(_settled));
        long?[] settled = [1, 1, 0, 11, 13, 24, 1, 1, 1_000, 2_000];
        Assert.Equal(settled, Stored(database));
        Commit(store, s => s.Insert(_reserved));
        Commit(store, s => s.Settle(_settled with { Settlement = 2, ChargedTokens = 99 }));
        Commit(store, s => s.Checkpoint(7, 99));

        Assert.Equal(settled, Stored(database));
    }

    [Fact]
    public async Task A_flush_that_is_repeated_or_arrives_late_adds_nothing()
    {
        using var database = await LedgerDatabase.CreateAsync();
        using var store = database.Open();

        Commit(store, s => Flush(s, from: 0, to: 5, lastUsedAt: 200));
        Commit(store, s => Flush(s, from: 0, to: 5, lastUsedAt: 300));
        Assert.Equal([5, 8], database.Numbers("SELECT watermark, oldestopenid FROM ledgerstate"));
        Assert.Equal([24, 200], database.Numbers("SELECT usedtokens, lastusedat FROM apikeys WHERE id = 1"));
        Commit(store, s => Flush(s, from: 5, to: 6, lastUsedAt: 100));
        Assert.Throws<WatermarkMovedException>(() => Commit(store, s => Flush(s, from: 0, to: 5, lastUsedAt: 400)));

        Assert.Equal([48, 200], database.Numbers("SELECT usedtokens, lastusedat FROM apikeys WHERE id = 1"));
        Assert.Equal(48, database.Number("SELECT usedtokens FROM accounts WHERE id = 2"));
        foreach (var table in (string[])["usagequarters", "modelusage", "keyusage"])
        {
            Assert.Equal([2, 22, 26, 48], database.Numbers($"SELECT requests, inputtokens, outputtokens, chargedtokens FROM {table}"));
        }

        Assert.Equal(2, database.Number("SELECT countedrequests FROM usagequarters"));
    }

    [Fact]
    public async Task What_the_server_rejects_is_known_to_have_failed_as_a_whole()
    {
        using var database = await LedgerDatabase.CreateAsync();
        using var store = database.Open();

        Assert.Throws<PostgresException>(() => Commit(store, s =>
        {
            s.Insert(_reserved);
            s.Insert(_reserved with { Id = 8, ReservedTokens = -1 });
        }));

        Assert.Equal(0, database.Number("SELECT count(*) FROM charges"));
    }

    [Fact]
    public async Task A_server_that_shuts_down_leaves_the_outcome_unknown()
    {
        using var database = await LedgerDatabase.CreateAsync();
        using var store = database.Open();
        Commit(store, s => s.Insert(_reserved));
        database.Execute(
            """
            SELECT pg_terminate_backend(pid, 5000) FROM pg_locks
            WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """);

        Assert.Throws<CommitUnknownException>(() => Commit(store, s => s.Settle(_settled)));
    }

    [Fact]
    public async Task Only_one_connection_writes_to_a_ledger()
    {
        using var database = await LedgerDatabase.CreateAsync();
        using (database.Open())
        {
            Assert.Equal(PostgresErrorCodes.LockNotAvailable, Assert.Throws<PostgresException>(database.Open).SqlState);
        }

        using var next = database.Open();
        Commit(next, s => s.Insert(_reserved));
        Assert.Equal(7, database.Number("SELECT id FROM charges"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cut_during_any_commit_each_charge_counts_once(bool executed)
    {
        using var database = await LedgerDatabase.CreateAsync();
        await using (var bench = new LedgerBench(database.Open))
        {
            // One of each, so that the connection knows all statements.
            await bench.Reserve().DurableAsync();
            var streamed = bench.Reserve();
            var abandoned = bench.Reserve();
            await streamed.DurableAsync();
            await abandoned.DurableAsync();
            await bench.Reserve().SettleAsync(1, 1);
            Assert.True(await bench.TryFlushAsync());

            database.Cutter.CutNext(executed);
            Assert.False(await LedgerBench.IsWrittenAsync(streamed.SettleAsync(11, 13)));
            Assert.Equal(executed ? 2 : 1, database.Number("SELECT count(*) FROM charges WHERE state = 1"));
            Assert.True(await bench.TryFlushAsync());
            Assert.Equal(26, database.Number("SELECT usedtokens FROM apikeys WHERE id = 1"));

            await PrepareAsync(bench);
            await bench.Reserve().SettleAsync(2, 3);
            database.Cutter.CutNext(executed);
            Assert.False(await bench.TryFlushAsync());
            Assert.Equal(executed ? 33 : 28, database.Number("SELECT usedtokens FROM apikeys WHERE id = 1"));
            Assert.True(await bench.TryFlushAsync());
            Assert.Equal(33, database.Number("SELECT usedtokens FROM apikeys WHERE id = 1"));

            await PrepareAsync(bench);
            var refused = bench.Reserve();
            database.Cutter.CutNext(executed);
            Assert.False(await LedgerBench.IsWrittenAsync(refused.DurableAsync()));
            refused.Abandon();
            Assert.True(await bench.TryFlushAsync());

            await PrepareAsync(bench);
            database.Cutter.CutNext(executed);
            abandoned.Abandon();
            await bench.TryFlushAsync();
            Assert.True(await bench.TryFlushAsync());
        }

        // The first reservation is still open.
        Assert.Equal([1, 2], database.Numbers("SELECT count(*) FILTER (WHERE state = 0), count(*) FILTER (WHERE state = 3) FROM charges"));
        var tokens = database.Number("SELECT sum(chargedtokens) FROM charges");
        Assert.Equal(tokens, database.Number("SELECT usedtokens FROM apikeys WHERE id = 1"));
        Assert.Equal(tokens, database.Number("SELECT usedtokens FROM accounts WHERE id = 1"));
        Assert.Equal(tokens, database.Number("SELECT sum(chargedtokens) FROM usagequarters"));
        Assert.Equal(4 * tokens, database.Number("SELECT sum(chargedtokens) FROM keyusage"));
        Assert.Equal(6 * tokens, database.Number("SELECT sum(chargedtokens) FROM modelusage"));
    }

    /// <summary>Lets a new connection prepare all statements, so that the next it sends is a batch.</summary>
    private static async Task PrepareAsync(LedgerBench bench)
    {
        await bench.Reserve().SettleAsync(1, 1);
        Assert.True(await bench.TryFlushAsync());
    }

    private static void Commit(PostgresLedgerStore store, Action<PostgresLedgerStore> write)
    {
        store.Begin();
        write(store);
        store.Commit();
    }

    private static void Flush(PostgresLedgerStore store, long from, long to, long lastUsedAt)
    {
        var sums = new UsageSums(1, 11, 13, 24, 1);
        store.MoveWatermark(from, to, 8);
        store.AddToKey(1, 24, lastUsedAt);
        store.AddToAccount(2, 24);
        store.RollUp.Add(new QuarterKey(900_000, 1, 3, "model", 2), sums);
        store.RollUp.Add(new ModelUsageKey(60, 0, 2, "model"), sums);
        store.RollUp.Add(new KeyUsageKey(60, 0, 2, 1), sums);
        store.RollUp.Flush();
    }

    private static long?[] Stored(LedgerDatabase database) => database.Numbers(
        "SELECT state, source, reservedtokens, inputtokens, outputtokens, chargedtokens, isclamped, settlement, startedat, settledat FROM charges WHERE id = 7");
}
