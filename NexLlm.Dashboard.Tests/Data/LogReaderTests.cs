using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Tests.Data;

/// <summary>What both engines promise about searches in the request log.</summary>
public sealed class LogReaderTests
{
    private const long From = 1_000;
    private const long Before = 1_350;

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.Postgres)]
    public async Task A_search_finds_what_its_filter_matches_from_either_end(Engine engine)
    {
        await using var log = await StoredLog.CreateAsync(engine);
        var rows = Rows();
        log.Write(rows);
        using var reader = log.OpenReader();
        foreach (var filter in Filters())
        {
            var expected = rows.Where(row => row.Id is >= From and < Before && filter.Matches(row)).ToList();
            Assert.NotEmpty(expected);
            Assert.Equal(expected, reader.Read(filter, From, Before, rows.Length, LogOrder.OldestFirst));
            expected.Reverse();
            Assert.Equal(expected, reader.Read(filter, From, Before, rows.Length, LogOrder.NewestFirst));
            Assert.Equal(expected.Take(3), reader.Read(filter, From, Before, 3, LogOrder.NewestFirst));
        }
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.Postgres)]
    public async Task A_step_ends_after_the_lines_of_the_account_or_of_everybody(Engine engine)
    {
        await using var log = await StoredLog.CreateAsync(engine);
        var rows = Rows();
        log.Write(rows);
        using var reader = log.OpenReader();
        foreach (var filter in Filters())
        {
            var scanned = rows.Where(row => row.Id is >= From and < Before && (filter.AccountId is not { } account
                || (row.AccountId == account && (!filter.IsOfFailures || row.Status >= LogFilter.FirstFailure)))).Select(row => row.Id).ToList();
            Assert.Equal(scanned[2], reader.StepEnd(filter, From, Before, 2, LogOrder.OldestFirst));
            Assert.Equal(scanned[^3], reader.StepEnd(filter, From, Before, 2, LogOrder.NewestFirst));
            Assert.Equal(scanned[0], reader.StepEnd(filter, From, Before, scanned.Count - 1, LogOrder.NewestFirst));
            Assert.Null(reader.StepEnd(filter, From, Before, scanned.Count, LogOrder.NewestFirst));
        }
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.Postgres)]
    public async Task Times_to_the_first_byte_are_of_answers_among_the_newest_lines(Engine engine)
    {
        await using var log = await StoredLog.CreateAsync(engine);
        var rows = Rows();
        log.Write(rows);
        using var reader = log.OpenReader();
        foreach (var account in (long?[])[null, 1])
        {
            var newest = rows.Where(row => row.Id is >= From and < Before && (account is null || row.AccountId == account)).TakeLast(30);
            var expected = newest.Where(row => row.Status is > 0 and < LogFilter.FirstFailure && row.FirstByteMs is not null).Select(row => row.FirstByteMs!.Value);
            Assert.Equal(expected.Order(), reader.FirstBytes(new LogFilter(AccountId: account), From, Before, 30).Order());
        }
    }

    private static IEnumerable<LogFilter> Filters() =>
        from account in (long?[])[null, 1, 2]
        from rest in (LogFilter[])
        [
            new(), new(KeyId: 1), new(GroupId: 1), new(Model: "m1"), new(Code: "c1"), new(IsFailed: true), new(IsFailed: false), new(Status: 200),
            new(Status: 429), new(KeyId: 1, Model: "M1", IsFailed: true),
        ]
        select rest with { AccountId = account };

    private static LogRow[] Rows()
    {
        var random = new Random(3);
        return
        [
            .. Enumerable.Range(900, 500).Select(id => StoredLog.Row(
                id, account: random.Next(4) is > 0 and var account ? account : null, status: random.GetItems([0, 200, 201, 400, 429, 500], 1)[0]) with
            {
                KeyId = Maybe(), GroupId = Maybe(), Model = random.GetItems([null, "m1", "M1"], 1)[0], Code = random.GetItems([null, "c1", "c2"], 1)[0],
                FirstByteMs = random.Next(3) > 0 ? id : null,
            }),
        ];

        long? Maybe() => random.Next(3) is > 0 and var known ? known : null;
    }
}
