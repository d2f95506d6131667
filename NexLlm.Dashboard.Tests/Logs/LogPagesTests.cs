using NexLlm.Dashboard.Logs;
using NexLlm.Dashboard.Logs.Writing;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Logs;

/// <summary>How pages of the log follow each other, and how far a search looks.</summary>
public sealed class LogPagesTests
{
    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_follow_each_other_without_a_gap_or_a_line_twice()
    {
        await using var app = new NexLlmApp();
        var owner = await app.CreateActorAsync();
        var expected = Enumerable.Range(0, 1_300)
            .Select(i => app.AddLine(TimeSpan.FromSeconds(i), line => line with { AccountId = owner.AccountId, Model = i % 3 == 0 ? "rare" : "usual" }))
            .Where(line => line.Model == "rare").Select(line => line.Number).OrderDescending().ToList();

        var found = new List<long>();
        var query = new LogQuery(Model: "rare");
        await app.LogWriter.FlushAsync();
        do
        {
            var page = await app.Log.SearchAsync(owner, query, Cancellation);
            Assert.Null(page.SearchedTo);
            found.AddRange(ElementIds(page.Lines));
            query = query with { Before = page.Next };
        }
        while (query.Before is not null);

        Assert.Equal(expected, found);
    }

    [Fact]
    public async Task A_search_that_takes_too_long_says_how_far_it_came_and_goes_on_from_there()
    {
        await using var app = new NexLlmApp();
        var owner = await app.CreateActorAsync();
        var wanted = app.AddLine(TimeSpan.FromHours(20), line => line with { AccountId = owner.AccountId, Model = "rare" });
        for (var i = 0; i < 1_000; i++)
        {
            app.AddLine(i * _minute, line => line with { AccountId = owner.AccountId, Model = "usual" });
        }

        await app.LogWriter.FlushAsync();
        var log = app.HurriedLog;
        var first = await log.SearchAsync(owner, new LogQuery(Model: "rare"), Cancellation);
        var second = await log.SearchAsync(owner, new LogQuery(Model: "rare", Before: first.Next), Cancellation);

        Assert.Empty(first.Lines);
        Assert.Equal(RequestNumber.At(first.Next!.Value), first.SearchedTo);
        Assert.True(second.SearchedTo < first.SearchedTo);
        var query = new LogQuery(Model: "rare", Before: second.Next);
        var page = second;
        while (page.Next is not null)
        {
            page = await log.SearchAsync(owner, query, Cancellation);
            query = query with { Before = page.Next };
        }

        Assert.Equal([wanted.Number], ElementIds(page.Lines));
    }

    [Fact]
    public async Task Pages_lead_back_the_way_they_came_and_to_the_oldest()
    {
        await using var app = new NexLlmApp();
        var owner = await app.CreateActorAsync();
        var all = Enumerable.Range(0, 330)
            .Select(i => app.AddLine(TimeSpan.FromSeconds(i), line => line with { AccountId = owner.AccountId, Model = i % 2 == 0 ? "even" : "odd" }))
            .Where(line => line.Model == "even").Select(line => line.Number).OrderDescending().ToList();
        var query = new LogQuery(Model: "even");
        await app.LogWriter.FlushAsync();
        var down = new List<LogPage>();
        for (var page = await SearchAsync(query); ; page = await SearchAsync(query with { Before = page.Next }))
        {
            down.Add(page);
            if (page.Next is null)
            {
                break;
            }
        }

        Assert.Equal([50, 50, 50, 15], down.Select(page => page.Lines.Count));
        Assert.Null(down[0].Previous);
        for (var i = 3; i > 0; i--)
        {
            var newer = await SearchAsync(query with { After = down[i].Previous });
            Assert.Equal(ElementIds(down[i - 1].Lines), ElementIds(newer.Lines));
            Assert.Equal((down[i - 1].Next, down[i - 1].Previous), (newer.Next, newer.Previous));
        }

        var oldest = await SearchAsync(query with { After = 0 });
        Assert.Equal(all[^50..], ElementIds(oldest.Lines));
        Assert.Null(oldest.Next);
        Assert.Equal(all[^100..^50], ElementIds((await SearchAsync(query with { After = oldest.Previous })).Lines));

        // What is no full page any more is the first.
        Assert.Equal(all[..50], ElementIds((await SearchAsync(query with { After = all[3] })).Lines));
        Assert.Equal(all[..50], ElementIds((await SearchAsync(query with { After = long.MaxValue })).Lines));

        Task<LogPage> SearchAsync(LogQuery asked) => app.Log.SearchAsync(owner, asked, Cancellation);
    }

    [Fact]
    public async Task A_search_for_newer_lines_that_takes_too_long_goes_on_as_well()
    {
        await using var app = new NexLlmApp();
        var owner = await app.CreateActorAsync();
        var wanted = app.AddLine(_minute, line => line with { AccountId = owner.AccountId, Model = "rare" });
        for (var i = 2; i < 1_000; i++)
        {
            app.AddLine(i * _minute, line => line with { AccountId = owner.AccountId, Model = "usual" });
        }

        await app.LogWriter.FlushAsync();
        var log = app.HurriedLog;
        var page = await log.SearchAsync(owner, new LogQuery(Model: "rare", After: 0), Cancellation);
        Assert.Empty(page.Lines);
        Assert.NotNull(page.SearchedTo);
        for (var reached = page.SearchedTo; page.SearchedTo is { } to && page.Previous is { } previous; reached = to)
        {
            Assert.True(to >= reached);
            page = await log.SearchAsync(owner, new LogQuery(Model: "rare", After: previous), Cancellation);
        }

        Assert.Equal([wanted.Number], ElementIds(page.Lines));
    }

    private static IEnumerable<long> ElementIds(IEnumerable<LogEntry> lines) => lines.Select(line => line.Id);
}
