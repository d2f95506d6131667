using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Logs;
using NexLlm.Dashboard.Logs.Writing;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Logs;

/// <summary>What a search of the log finds, for whom, and how far it looks.</summary>
public sealed class RequestLogTests
{
    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task People_see_their_own_requests_and_administrators_all()
    {
        await using var app = new NexLlmApp();
        var (ada, ben) = (await app.CreateActorAsync(), await app.CreateActorAsync("ben@example.com"));
        var hers = app.AddLine(_minute, line => line with { AccountId = ada.AccountId, ChannelId = 1 });
        var his = app.AddLine(2 * _minute, line => line with { AccountId = ben.AccountId, ChannelId = 1 });
        var nobodys = app.AddLine(3 * _minute);

        Assert.Equal([hers.Number], Ids(await app.LinesAsync(ada)));
        Assert.Equal([hers.Number], Ids(await app.LinesAsync(ada, new LogQuery(AccountId: ben.AccountId))));
        Assert.Empty(await app.LinesAsync(ada, new LogQuery(RequestId: his.RequestId)));
        Assert.Null((await app.LinesAsync(ada)).Single().Channel);
        Assert.Null((await app.LinesAsync(ada)).Single().Account);

        var administrator = await app.CreateActorAsync(administrator: true);
        var all = await app.LinesAsync(administrator);
        Assert.Equal([hers.Number, his.Number, nobodys.Number], Ids(all));
        Assert.Equal(("ben@example.com", "echo"), (all[1].Account, all[1].Channel));
        Assert.Equal([his.Number], Ids(await app.LinesAsync(administrator, new LogQuery(AccountId: ben.AccountId))));
    }

    [Fact]
    public async Task Every_filter_finds_its_lines_and_all_together_too()
    {
        await using var app = new NexLlmApp();
        var owner = await app.CreateActorAsync();
        var wanted = app.AddLine(_minute, line => line with
        {
            AccountId = owner.AccountId,
            KeyId = 7,
            GroupId = 3,
            Model = "small",
            Status = 403,
            Code = "model_not_allowed",
        });
        var answered = app.AddLine(2 * _minute, line => line with { AccountId = owner.AccountId, KeyId = 8, GroupId = 4, Model = "Small", Status = 200 });
        var old = app.AddLine(TimeSpan.FromHours(30), line => line with { AccountId = owner.AccountId, KeyId = 7, Model = "small", Status = 403, Code = "model_not_allowed" });
        var now = app.Clock.GetUtcNow();

        foreach (var query in new[]
        {
            new LogQuery(KeyId: 7), new LogQuery(GroupId: 3), new LogQuery(Model: "small"), new LogQuery(Outcome: LogOutcome.Failed),
            new LogQuery(Code: "model_not_allowed"), new LogQuery(From: now - (1.5 * _minute)), new LogQuery(RequestId: wanted.RequestId),
            new LogQuery(now - TimeSpan.FromHours(1), now, owner.AccountId, 7, "small", 3, LogOutcome.Failed, "model_not_allowed"),
        })
        {
            Assert.Equal([wanted.Number], Ids(await app.LinesAsync(owner, query)));
        }

        Assert.Equal([answered.Number], Ids(await app.LinesAsync(owner, new LogQuery(Outcome: LogOutcome.Answered))));
        Assert.Equal([answered.Number], Ids(await app.LinesAsync(owner, new LogQuery(To: now - (1.5 * _minute)))));
        Assert.Equal([wanted.Number, answered.Number, old.Number], Ids(await app.LinesAsync(owner, new LogQuery(From: now - TimeSpan.FromDays(2)))));
        Assert.Equal([old.Number], Ids(await app.LinesAsync(owner, new LogQuery(RequestId: old.RequestId))));
        Assert.Empty(await app.LinesAsync(owner, new LogQuery(Code: "key_expired")));
        Assert.Empty(await app.LinesAsync(owner, new LogQuery(RequestId: RequestNumber.NewId(wanted.Number))));
    }

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
            Assert.Null(page.SearchedBackTo);
            found.AddRange(Ids(page.Lines));
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
        var log = new RequestLog(
            app.Contexts, app.Services.GetRequiredService<IOptions<DatabaseOptions>>(), app.LogWriter, app.Services.GetRequiredService<LogTail>(),
            new HurriedClock(app.Clock.GetUtcNow()), NullLogger<RequestLog>.Instance);
        var first = await log.SearchAsync(owner, new LogQuery(Model: "rare"), Cancellation);
        var second = await log.SearchAsync(owner, new LogQuery(Model: "rare", Before: first.Next), Cancellation);

        Assert.Empty(first.Lines);
        Assert.Equal(RequestNumber.At(first.Next!.Value), first.SearchedBackTo);
        Assert.True(second.SearchedBackTo < first.SearchedBackTo);
        var query = new LogQuery(Model: "rare", Before: second.Next);
        var page = second;
        while (page.Next is not null)
        {
            page = await log.SearchAsync(owner, query, Cancellation);
            query = query with { Before = page.Next };
        }

        Assert.Equal([wanted.Number], Ids(page.Lines));
    }

    [Fact]
    public async Task An_export_is_every_page_at_once()
    {
        await using var app = new NexLlmApp();
        var owner = await app.CreateActorAsync();
        var expected = Enumerable.Range(0, 5_000)
            .Select(i => app.AddLine(TimeSpan.FromSeconds(i), line => line with { AccountId = owner.AccountId }).Number).OrderDescending().ToList();
        await app.LogWriter.FlushAsync();

        var found = new List<long>();
        await foreach (var lines in app.Log.ExportAsync(owner, new LogQuery(), lines => lines, Cancellation))
        {
            found.AddRange(Ids(lines));
        }

        Assert.Equal(expected, found);
    }

    [Fact]
    public async Task Refusals_are_counted_by_reason_for_a_key_an_account_and_everybody_floods_included()
    {
        await using var app = new NexLlmApp();
        var owner = await app.CreateActorAsync();
        Refuse(app, 500, "insufficient_quota", owner, key: 1);
        Refuse(app, 3, "key_expired", owner, key: 2);
        Refuse(app, 40, "invalid_api_key", null, key: null);
        await app.LogWriter.FlushAsync();
        var (from, to) = (app.Clock.GetUtcNow().AddHours(-1), app.Clock.GetUtcNow().AddHours(1));

        Assert.Equal(
            [new RefusalCount("insufficient_quota", 500), new RefusalCount("key_expired", 3)],
            await app.Log.RefusalsAsync(owner, from, to, null, Cancellation));
        Assert.Equal([new RefusalCount("key_expired", 3)], await app.Log.RefusalsAsync(owner, from, to, 2, Cancellation));
        Assert.Equal(543, (await app.Log.RefusalsAsync(await app.CreateActorAsync(administrator: true), from, to, null, Cancellation)).Sum(r => r.Requests));
        Assert.Empty(await app.Log.RefusalsAsync(await app.CreateActorAsync(), from, to, 1, Cancellation));
        Assert.Empty(await app.Log.RefusalsAsync(owner, from.AddHours(-2), from, null, Cancellation));
        Assert.Equal(543, app.AskLogFile("SELECT sum(Requests) FROM Lines"));
        Assert.Equal(11 + 3 + 11, app.AskLogFile("SELECT count(*) FROM Lines"));
    }

    [Fact]
    public async Task The_addresses_of_a_key_are_the_last_first_and_each_once()
    {
        await using var app = new NexLlmApp();
        var owner = await app.CreateActorAsync();
        foreach (var (minutes, address) in new[] { (9, "203.0.113.7"), (5, "2001:db8::1"), (3, "203.0.113.7"), (8, "2001:db8::1") })
        {
            app.AddLine(minutes * _minute, line => line with { AccountId = owner.AccountId, KeyId = 5, Address = IPAddress.TryParse(address, out var read) ? read : null });
        }

        app.AddLine(_minute, line => line with { AccountId = owner.AccountId, KeyId = 6, Address = IPAddress.Loopback });
        await app.LogWriter.FlushAsync();
        var seen = await app.Log.LastSeenAsync(owner, 5, Cancellation);

        Assert.Equal(["203.0.113.7", "2001:db8::1"], seen.Select(s => s.Address.ToString()));
        Assert.Equal(app.Clock.GetUtcNow() - (3 * _minute), seen[0].At);
        Assert.Empty(await app.Log.LastSeenAsync(await app.CreateActorAsync(), 5, Cancellation));
    }

    [Fact]
    public async Task Who_follows_hears_of_what_the_search_would_find_and_of_nothing_else()
    {
        await using var app = new NexLlmApp();
        var (ada, ben) = (await app.CreateActorAsync(), await app.CreateActorAsync());
        var heard = new TaskCompletionSource<IReadOnlyList<LogEntry>>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var following = await app.Log.FollowAsync(ada, new LogQuery(Model: "small"), heard.SetResult, Cancellation);
        app.AddLine(_minute, line => line with { AccountId = ben.AccountId, Model = "small" });
        app.AddLine(_minute, line => line with { AccountId = ada.AccountId, Model = "large" });
        await app.LogWriter.FlushAsync();
        Assert.False(heard.Task.IsCompleted);

        var hers = app.AddLine(_minute, line => line with { AccountId = ada.AccountId, Model = "small" });
        await app.LogWriter.FlushAsync();

        Assert.Equal([hers.Number], Ids(await heard.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation)));
    }

    private static void Refuse(NexLlmApp app, int times, string code, Actor? owner, long? key)
    {
        for (var i = 0; i < times; i++)
        {
            app.AddLine(TimeSpan.Zero, line => line with { AccountId = owner?.AccountId, KeyId = key, Code = code, Status = 401 });
        }
    }

    private static IEnumerable<long> Ids(IEnumerable<LogEntry> lines) => lines.Select(line => line.Id);

    /// <summary>At every look, a second has passed.</summary>
    private sealed class HurriedClock(DateTimeOffset now) : TimeProvider
    {
        private long _looks;

        public override DateTimeOffset GetUtcNow() => now;

        public override long GetTimestamp() => Interlocked.Increment(ref _looks) * TimestampFrequency;
    }
}
