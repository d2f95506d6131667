using System.Net;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Tests.Data;

/// <summary>What both engines promise about the writes of the request log.</summary>
public sealed class LogStoreTests
{
    public static TheoryData<Engine> Engines => [Engine.Sqlite, Engine.Postgres];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_line_is_read_as_it_was_written(Engine engine)
    {
        await using var log = await StoredLog.CreateAsync(engine);
        var full = new LogRow(
            1L << 52, "req_1", 1, 2, 3, 4, "Größe-😀", 5, 499, "code", 6, 7, long.MaxValue, 2, 8, 9, new IPAddress([203, 0, 113, 9]), 10, 11, 12);
        var long6 = StoredLog.Row(2) with { Address = new IPAddress([0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7]) };
        var empty = new LogRow(1, "", null, null, null, null, null, null, 0, null, 0, 0, 0, 0, null, 0, null, 1, null);

        log.Write(full, long6, empty);

        Assert.Equal([empty, long6, full], log.Lines());
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Requests_are_added_to_the_line_of_the_same_request(Engine engine)
    {
        await using var log = await StoredLog.CreateAsync(engine);
        log.Write(StoredLog.Row(5, "a", 2), StoredLog.Row(6, "b"), StoredLog.Row(5, "a", 3, status: 500));
        log.Write(StoredLog.Row(5, "a", 4, status: 500), StoredLog.Row(7, "c"));

        Assert.Equal([StoredLog.Row(5, "a", 9), StoredLog.Row(6, "b"), StoredLog.Row(7, "c")], log.Lines());
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Another_request_of_the_same_id_takes_the_next_free_one(Engine engine)
    {
        await using var log = await StoredLog.CreateAsync(engine);
        log.Write(StoredLog.Row(5, "a"), StoredLog.Row(5, "b"), StoredLog.Row(5, "a"), StoredLog.Row(7, "c"));
        log.Write(StoredLog.Row(5, "d"), StoredLog.Row(5, "b"), StoredLog.Row(6, "e"));

        var lines = log.Lines();
        Assert.Equal([5, 6, 7, 8, 9], lines.Select(l => l.Id));
        Assert.Equal([("a", 2L), ("b", 2L), ("c", 1L)], lines.Take(3).Select(l => (l.RequestId, l.Requests)));
        Assert.Equal(["d", "e"], lines.Skip(3).Select(l => l.RequestId).Order());
        using var reader = log.OpenReader();
        Assert.All("abde", request => Assert.Equal($"{request}", reader.Find(5, $"{request}")!.Value.RequestId));
        Assert.Null(reader.Find(5, "other"));
    }

    [Fact]
    public async Task Both_engines_store_the_same_whatever_ids_collide()
    {
        await using var file = await StoredLog.CreateAsync(Engine.Sqlite);
        await using var server = await StoredLog.CreateAsync(Engine.Postgres);
        var random = new Random(7);
        for (var batch = 0; batch < 12; batch++)
        {
            // A request always has the same intended ID, as its public ID contains it.
            var rows = Enumerable.Range(0, random.Next(1, 60)).Select(_ => random.Next(400))
                .Select(request => StoredLog.Row(1_000 + (request / 5), $"r{request}", random.Next(1, 4))).ToArray();
            file.Write(rows);
            server.Write(rows);
        }

        var (expected, found) = (file.Lines(), server.Lines());
        Assert.NotEqual(expected.Count, expected.Count(l => l.Id == 1_000 + (int.Parse(l.RequestId[1..], null) / 5)));
        Assert.Equal(expected.Select(l => l.Id), found.Select(l => l.Id));
        Assert.Equal(expected.Select(l => (l.RequestId, l.Requests)).Order(), found.Select(l => (l.RequestId, l.Requests)).Order());
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task What_was_added_is_seen_in_the_same_batch(Engine engine)
    {
        await using var log = await StoredLog.CreateAsync(engine);
        log.Write(StoredLog.Row(5, "a"));
        using var store = log.Open();
        store.Begin();
        store.Add(StoredLog.Row(5, "b"));
        store.Add(StoredLog.Row(90, "c"));
        store.ChargesBelow = 12;

        Assert.True(store.Contains(5, "a"));
        Assert.True(store.Contains(5, "b"));
        Assert.False(store.Contains(5, "d"));
        Assert.True(store.Contains(90 - LogRow.Reach, "c"));
        Assert.False(store.Contains(89 - LogRow.Reach, "c"));
        Assert.False(store.Contains(91, "c"));
        Assert.Equal(90, store.LastId(91));
        Assert.Equal(6, store.LastId(90));
        Assert.Null(store.LastId(5));
        Assert.Equal(12, store.ChargesBelow);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_batch_is_stored_whole_at_its_commit_and_not_at_all_without_one(Engine engine)
    {
        await using var log = await StoredLog.CreateAsync(engine);
        using (var store = log.Open())
        {
            store.Begin();
            store.Add(StoredLog.Row(1));
            store.AddRefusals(new RefusalKey(0, 1, 2, "code"), 3);
            store.ChargesBelow = 4;
            Assert.True(store.Contains(1, "1"));
            store.Add(StoredLog.Row(2));
        }

        Assert.Empty(log.Lines());
        using (var store = log.Open())
        {
            Assert.Equal(0, store.ChargesBelow);
            store.Begin();
            store.Add(StoredLog.Row(1));
            store.ChargesBelow = 4;
            store.Commit();
            store.Begin();
            store.Add(StoredLog.Row(2));
            store.Commit();
        }

        Assert.Equal([1, 2], log.Lines().Select(l => l.Id));
        using var next = log.Open();
        Assert.Equal(4, next.ChargesBelow);
        using var reader = log.OpenReader();
        Assert.Empty(reader.Refusals(0, 1, null, null));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task The_oldest_lines_are_deleted_in_steps_and_so_are_old_ones_that_come_later(Engine engine)
    {
        await using var log = await StoredLog.CreateAsync(engine);
        log.Write([.. Enumerable.Range(10, 10).Select(id => StoredLog.Row(id))]);
        using var store = log.Open();
        store.Begin();
        Assert.False(store.DeleteOldest(before: 10, most: 3));
        Assert.True(store.DeleteOldest(before: 18, most: 3));
        store.Commit();
        Assert.Equal([14, 15, 16, 17, 18, 19], log.Lines().Select(l => l.Id));

        store.Begin();
        Assert.False(store.DeleteOldest(before: 18, most: 3));
        Assert.False(store.DeleteOldest(before: 18, most: 3));
        store.Commit();
        Assert.Equal([18, 19], log.Lines().Select(l => l.Id));

        store.Begin();
        store.Add(StoredLog.Row(3));
        store.Add(StoredLog.Row(4));
        Assert.True(store.DeleteOldest(before: 18, most: 0));
        Assert.False(store.DeleteOldest(before: 18, most: 0));
        store.Commit();
        Assert.Equal([18, 19], log.Lines().Select(l => l.Id));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Rejections_are_counted_by_quarter_and_reason_and_deleted_by_quarter(Engine engine)
    {
        await using var log = await StoredLog.CreateAsync(engine);
        using var store = log.Open();
        for (var i = 0; i < 2; i++)
        {
            store.Begin();
            store.AddRefusals(new RefusalKey(100, 1, 2, "b"), 5);
            store.AddRefusals(new RefusalKey(100, 1, 2, "b"), 1);
            store.AddRefusals(new RefusalKey(200, 1, 2, "B"), 6);
            store.AddRefusals(new RefusalKey(200, 1, 3, "a"), 7);
            store.AddRefusals(new RefusalKey(300, 4, 5, "a"), 8);
            store.Commit();
        }

        using var reader = log.OpenReader();
        Assert.Equal([("a", 30L), ("B", 12L), ("b", 12L)], reader.Refusals(100, 301, null, null));
        Assert.Equal([("a", 14L), ("B", 12L), ("b", 12L)], reader.Refusals(100, 300, 1, null));
        Assert.Equal([("B", 12L), ("b", 12L)], reader.Refusals(0, 300, 1, 2));
        Assert.Equal([(100L, 12L), (200L, 26L), (300L, 16L)], reader.RefusalsByQuarter(100, 301, null).Order());
        Assert.Equal([(200L, 26L)], reader.RefusalsByQuarter(101, 300, 1));

        store.Begin();
        store.AddRefusals(new RefusalKey(100, 1, 2, "b"), 5);
        store.DeleteRefusals(200);
        store.Commit();
        Assert.Equal([(200L, 26L), (300L, 16L)], reader.RefusalsByQuarter(0, 301, null).Order());
    }
}
