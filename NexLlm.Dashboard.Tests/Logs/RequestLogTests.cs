using System.Net;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Logs;
using NexLlm.Dashboard.Logs.Writing;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Logs;

/// <summary>What a search of the log finds, and for whom.</summary>
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

        Assert.Equal([hers.Number], ElementIds(await app.LinesAsync(ada)));
        Assert.Equal([hers.Number], ElementIds(await app.LinesAsync(ada, new LogQuery(AccountId: ben.AccountId))));
        Assert.Empty(await app.LinesAsync(ada, new LogQuery(RequestId: his.RequestId)));
        Assert.Null((await app.LinesAsync(ada)).Single().Channel);
        Assert.Null((await app.LinesAsync(ada)).Single().Account);

        var administrator = await app.CreateActorAsync(administrator: true);
        var all = await app.LinesAsync(administrator);
        Assert.Equal([hers.Number, his.Number, nobodys.Number], ElementIds(all));
        Assert.Equal(("ben@example.com", "echo"), (all[1].Account, all[1].Channel));
        Assert.Equal([his.Number], ElementIds(await app.LinesAsync(administrator, new LogQuery(AccountId: ben.AccountId))));
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
            new LogQuery(KeyId: 7), new LogQuery(Status: 403), new LogQuery(GroupId: 3), new LogQuery(Model: "small"), new LogQuery(Outcome: LogOutcome.Failed),
            new LogQuery(Code: "model_not_allowed"), new LogQuery(From: now - (1.5 * _minute)), new LogQuery(RequestId: wanted.RequestId),
            new LogQuery(now - TimeSpan.FromHours(1), now, owner.AccountId, 7, "small", 3, LogOutcome.Failed, "model_not_allowed"),
        })
        {
            Assert.Equal([wanted.Number], ElementIds(await app.LinesAsync(owner, query)));
        }

        Assert.Equal([answered.Number], ElementIds(await app.LinesAsync(owner, new LogQuery(Outcome: LogOutcome.Answered))));
        Assert.Equal([answered.Number], ElementIds(await app.LinesAsync(owner, new LogQuery(To: now - (1.5 * _minute)))));
        Assert.Equal([wanted.Number, answered.Number, old.Number], ElementIds(await app.LinesAsync(owner, new LogQuery(From: now - TimeSpan.FromDays(2)))));
        Assert.Equal([old.Number], ElementIds(await app.LinesAsync(owner, new LogQuery(RequestId: old.RequestId))));
        Assert.Empty(await app.LinesAsync(owner, new LogQuery(Code: "key_expired")));
        Assert.Empty(await app.LinesAsync(owner, new LogQuery(RequestId: RequestNumber.NewId(wanted.Number))));
    }

    [Fact]
    public async Task Lines_name_deleted_keys_and_say_that_they_are()
    {
        await using var app = new NexLlmApp();
        var owner = await app.CreateActorAsync();
        var key = (await app.CreateKeyAsync(owner, "retired")).Key;
        app.AddLine(_minute, line => line with { AccountId = owner.AccountId, KeyId = key.Id });
        Assert.Equal(("retired", false), await OnlyAsync());

        await app.Keys.DeleteAsync(owner, [key.Id], Cancellation);
        Assert.Equal(("retired", true), await OnlyAsync());

        async Task<(string?, bool)> OnlyAsync() => (await app.LinesAsync(owner)).Single() is var line ? (line.KeyName, line.IsKeyDeleted) : default;
    }

    [Fact]
    public async Task An_account_is_named_to_an_administrator_who_asks_for_it_and_to_nobody_else()
    {
        await using var app = new NexLlmApp();
        var ben = await app.CreateActorAsync("ben@example.com");
        var query = new LogQuery(AccountId: ben.AccountId);

        Assert.Equal("ben@example.com", (await app.Log.SearchAsync(await app.CreateActorAsync(administrator: true), query, Cancellation)).Account);
        Assert.Null((await app.Log.SearchAsync(await app.CreateActorAsync(), query, Cancellation)).Account);
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
        Assert.Equal(543, app.AskLog("SELECT sum(Requests) FROM Lines"));
        Assert.Equal(11 + 3 + 11, app.AskLog("SELECT count(*) FROM Lines"));
    }

    [Fact]
    public async Task The_addresses_of_a_key_are_the_last_first_and_each_once()
    {
        await using var app = new NexLlmApp();
        var owner = await app.CreateActorAsync();
        foreach (var (minutes, address) in new[] { (9, "203.0.113.7"), (5, "2001:db8::1"), (3, "::ffff:203.0.113.7"), (8, "2001:db8::1") })
        {
            app.AddLine(minutes * _minute, line => line with { AccountId = owner.AccountId, KeyId = 5, Address = IPAddress.TryParse(address, out var read) ? read : null });
        }

        app.AddLine(_minute, line => line with { AccountId = owner.AccountId, KeyId = 6, Address = IPAddress.Loopback });
        await app.LogWriter.FlushAsync();
        var seen = await app.Log.LastSeenAsync(owner, 5, Cancellation);

        Assert.Equal(["203.0.113.7", "2001:db8::1"], seen.Select(s => s.Address.ToString()));
        Assert.Equal(app.Clock.GetUtcNow() - (3 * _minute), seen[0].At);
        Assert.Contains(await app.LinesAsync(owner), line => line.Address is { } shown && shown.Equals(new IPAddress([203, 0, 113, 7])) && line.At == seen[0].At);
        Assert.Empty(await app.Log.LastSeenAsync(await app.CreateActorAsync(), 5, Cancellation));
    }

    private static void Refuse(NexLlmApp app, int times, string code, Actor? owner, long? key)
    {
        for (var i = 0; i < times; i++)
        {
            app.AddLine(TimeSpan.Zero, line => line with { AccountId = owner?.AccountId, KeyId = key, Code = code, Status = 401 });
        }
    }

    private static IEnumerable<long> ElementIds(IEnumerable<LogEntry> lines) => lines.Select(line => line.Id);
}
