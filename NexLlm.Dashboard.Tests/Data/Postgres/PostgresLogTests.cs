using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Data.Postgres;
using Npgsql;

namespace NexLlm.Dashboard.Tests.Data.Postgres;

/// <summary>The tables of the request log, and batches whose outcome the writer doesn't learn.</summary>
public sealed class PostgresLogTests
{
    private readonly LogBatchName _name = new(Guid.NewGuid(), Number: 1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stores_opened_together_create_the_tables_once()
    {
        await using var log = await StoredLog.CreateAsync(Engine.Postgres);
        await Parallel.ForAsync(0, 8, Cancellation, (id, _) =>
        {
            log.Write(StoredLog.Row(id));
            return ValueTask.CompletedTask;
        });

        Assert.Equal(8, log.Lines().Count);
    }

    [Fact]
    public async Task A_log_of_a_newer_version_is_left_alone()
    {
        await using var log = await StoredLog.CreateAsync(Engine.Postgres);
        log.Write(StoredLog.Row(1));
        await ExecuteAsync(log, "UPDATE log.state SET version = 2");

        var refusal = Assert.Throws<StartRefusedException>(() => log.Open());
        Assert.Contains("newer version", refusal.Message, StringComparison.Ordinal);
        Assert.Single(log.Lines());
    }

    [Fact]
    public async Task A_discarded_log_begins_anew_and_tables_of_others_stay()
    {
        await using var log = await StoredLog.CreateAsync(Engine.Postgres);
        using (var store = log.Open())
        {
            store.Begin();
            store.Add(StoredLog.Row(1));
            store.ChargesBelow = 5;
            store.Commit();
        }

        await ExecuteAsync(log, "CREATE TABLE log.others AS SELECT 1");
        PostgresLogSchema.Discard(log.Source);
        PostgresLogSchema.Discard(log.Source);
        using var next = log.Open();

        Assert.Equal(0, next.ChargesBelow);
        Assert.Empty(log.Lines());
        await ExecuteAsync(log, "SELECT * FROM log.others");
    }

    [Fact]
    public async Task A_commit_does_not_wait_for_the_disk()
    {
        await using var log = await StoredLog.CreateAsync(Engine.Postgres);
        log.Write();
        // The trigger sees the setting of the transaction that writes.
        await ExecuteAsync(
            log,
            """
            CREATE TABLE seen (setting text);
            CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO seen SELECT current_setting('synchronous_commit'); RETURN new; END $$;
            CREATE TRIGGER note BEFORE INSERT ON log.lines FOR EACH ROW EXECUTE FUNCTION note();
            """);
        await using var patient = NpgsqlDataSource.Create(log.Source.ConnectionString + ";Options=-c synchronous_commit=on");
        using (var store = new PostgresLogStore(patient))
        {
            store.Begin();
            store.Add(StoredLog.Row(1));
            store.Commit();
        }

        await using var seen = patient.CreateCommand("SELECT setting || current_setting('synchronous_commit') FROM seen");
        Assert.Equal("offon", await seen.ExecuteScalarAsync(Cancellation));
    }

    [Fact]
    public async Task Text_that_PostgreSQL_cannot_store_is_stored_with_replacements_and_found()
    {
        await using var log = await StoredLog.CreateAsync(Engine.Postgres);
        log.Write(StoredLog.Row(1) with { Model = "a\0b\uD800c" }, StoredLog.Row(2) with { Model = "😀" });

        Assert.Equal(["a\uFFFDb\uFFFDc", "😀"], log.Lines().Select(l => l.Model));
        using var reader = log.OpenReader();
        Assert.Single(reader.Read(new LogFilter(Model: "a\0b\uD800c"), 0, 9, 9, LogOrder.NewestFirst));
    }

    [Fact]
    public async Task A_batch_is_stored_once_however_often_it_is_written()
    {
        await using var log = await StoredLog.CreateAsync(Engine.Postgres);
        Write(log, _name);
        Write(log, _name);
        Assert.Equal(1, Assert.Single(log.Lines()).Requests);

        Write(log, _name with { Number = 2 });
        Write(log, _name with { Writer = Guid.NewGuid() });
        Write(log, _name with { Number = 2 });

        Assert.Equal(3, Assert.Single(log.Lines()).Requests);
        using var reader = log.OpenReader();
        Assert.Equal([("code", 3L)], reader.Refusals(0, 1, null, null));
    }

    [Fact]
    public async Task After_a_batch_that_was_stored_already_the_store_goes_on()
    {
        await using var log = await StoredLog.CreateAsync(Engine.Postgres);
        Write(log, _name);
        using var store = log.Open();
        WriteTo(store, _name);
        store.Commit();
        WriteTo(store, _name with { Number = 2 });
        store.Commit();

        Assert.Equal(2, Assert.Single(log.Lines()).Requests);
    }

    [Fact]
    public async Task A_connection_that_ended_before_the_commit_leaves_the_outcome_unknown_and_the_next_attempt_stores_the_batch()
    {
        await using var log = await StoredLog.CreateAsync(Engine.Postgres);
        using (var store = log.Open())
        {
            WriteTo(store, _name);
            Assert.NotNull(store.LastId(long.MaxValue));
            await EndOthersAsync(log);

            Assert.Throws<CommitUnknownException>(store.Commit);
        }

        Write(log, _name);
        Assert.Equal(1, Assert.Single(log.Lines()).Requests);
    }

    [Fact]
    public async Task A_commit_whose_answer_is_lost_is_not_repeated()
    {
        await using var log = await StoredLog.CreateAsync(Engine.Postgres);
        using var cutter = new CommitCutter(log.Source.ConnectionString);
        await using var lossy = NpgsqlDataSource.Create(cutter.ConnectionString);
        using (var store = new PostgresLogStore(lossy))
        {
            WriteTo(store, _name);
            cutter.CutNext(executed: true, "COMMIT\0");
            Assert.Throws<CommitUnknownException>(store.Commit);
        }

        Write(log, _name);
        Assert.Equal(1, Assert.Single(log.Lines()).Requests);
    }

    [Fact]
    public async Task While_the_first_attempt_is_still_running_the_second_waits_for_its_outcome()
    {
        await using var log = await StoredLog.CreateAsync(Engine.Postgres);
        Write(log, _name);
        using var first = log.Open();
        WriteTo(first, _name with { Number = 2 });
        Assert.NotNull(first.LastId(long.MaxValue));
        var second = Task.Run(() => Write(log, _name with { Number = 2 }), Cancellation);
        await using var waiting = log.Source.CreateCommand("SELECT count(*) FROM pg_locks WHERE NOT granted");
        while (await waiting.ExecuteScalarAsync(Cancellation) is 0L)
        {
            Assert.False(second.IsCompleted);
        }

        first.Commit();
        await second;
        Assert.Equal(2, Assert.Single(log.Lines()).Requests);
    }

    private static void Write(StoredLog log, LogBatchName name)
    {
        using var store = log.Open();
        WriteTo(store, name);
        store.Commit();
    }

    private static void WriteTo(ILogStore store, LogBatchName name)
    {
        store.Begin();
        store.Name(name);
        store.Add(StoredLog.Row(1));
        store.AddRefusals(new RefusalKey(0, 1, 2, "code"), 1);
    }

    private static Task EndOthersAsync(StoredLog log) => ExecuteAsync(
        log, "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");

    private static async Task ExecuteAsync(StoredLog log, string sql)
    {
        await using var command = log.Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
