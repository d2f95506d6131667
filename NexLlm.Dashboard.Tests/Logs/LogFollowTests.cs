using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Logs;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Logs;

/// <summary>What goes on for a while: exports, and who watches new lines.</summary>
public sealed class LogFollowTests
{
    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_export_is_every_page_at_once()
    {
        await using var app = new NexLlmApp();
        var owner = await app.CreateActorAsync();
        var expected = Enumerable.Range(0, 5_000)
            .Select(i => app.AddLine(TimeSpan.FromSeconds(i), line => line with { AccountId = owner.AccountId }).Number).OrderDescending().ToList();
        await app.LogWriter.FlushAsync();

        var found = new List<long>();
        var reached = DateTimeOffset.MaxValue;
        await foreach (var part in app.Log.ExportAsync(owner, new LogQuery(Before: expected[10], After: expected[20]), lines => lines, Cancellation))
        {
            found.AddRange(ElementIds(part.Made));
            Assert.InRange(part.BackTo, DateTimeOffset.MinValue, reached);
            reached = part.BackTo;
        }

        Assert.Equal(expected, found);
    }

    [Fact]
    public async Task An_export_ends_when_the_login_does_or_the_role_changes()
    {
        await using var app = new NexLlmApp();
        var administrator = await app.CreateActorAsync(administrator: true);
        for (var i = 0; i < 2_000; i++)
        {
            app.AddLine(TimeSpan.FromSeconds(i));
        }

        await app.LogWriter.FlushAsync();
        await using var export = app.HurriedLog.ExportAsync(administrator, new LogQuery(), lines => lines, Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.True(await export.MoveNextAsync());
        Assert.NotEmpty(export.Current.Made);
        await using (var db = await app.Contexts.CreateDbContextAsync(Cancellation))
        {
            await db.UserRoles.Where(role => role.UserId == administrator.AccountId).ExecuteDeleteAsync(Cancellation);
        }

        await Assert.ThrowsAsync<AccessDeniedException>(async () => await export.MoveNextAsync());
    }

    [Fact]
    public async Task Who_follows_hears_of_what_the_search_would_find_and_of_nothing_else()
    {
        await using var app = new NexLlmApp();
        var (ada, ben) = (await app.CreateActorAsync(), await app.CreateActorAsync());
        var heard = new TaskCompletionSource<LogUpdate>(TaskCreationOptions.RunContinuationsAsynchronously);
        var (from, to) = (app.Clock.GetUtcNow().AddHours(-1), app.Clock.GetUtcNow().AddHours(1));
        using var following = await app.Log.FollowAsync(ada, new LogQuery(from, to, Model: "small"), heard.SetResult, Cancellation);
        app.AddLine(2 * 60 * _minute, line => line with { AccountId = ada.AccountId, Model = "small" });
        app.AddLine(-2 * 60 * _minute, line => line with { AccountId = ada.AccountId, Model = "small" });
        app.AddLine(_minute, line => line with { AccountId = ben.AccountId, Model = "small" });
        app.AddLine(_minute, line => line with { AccountId = ada.AccountId, Model = "large" });
        await app.LogWriter.FlushAsync();
        Assert.False(heard.Task.IsCompleted);

        var hers = app.AddLine(_minute, line => line with { AccountId = ada.AccountId, Model = "small" });
        await app.LogWriter.FlushAsync();

        var news = await heard.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        Assert.Equal([hers.Number], ElementIds(news.Lines));
        Assert.False(news.IsGap);
    }

    [Fact]
    public async Task Who_follows_hears_that_some_were_left_out()
    {
        await using var app = new NexLlmApp();
        var owner = await app.CreateActorAsync();
        var heard = new TaskCompletionSource<LogUpdate>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var following = await app.Log.FollowAsync(owner, new LogQuery(), heard.SetResult, Cancellation);
        var lines = Enumerable.Range(0, LogQuery.PageSize + 1)
            .Select(i => app.AddLine(TimeSpan.FromSeconds(i), line => line with { AccountId = owner.AccountId }).Number).ToList();
        await app.LogWriter.FlushAsync();

        var news = await heard.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        Assert.Equal(lines[..^1], ElementIds(news.Lines));
        Assert.True(news.IsGap);
    }

    [Fact]
    public async Task An_administrator_who_is_none_any_more_hears_only_of_what_is_his()
    {
        await using var app = new NexLlmApp();
        var administrator = await app.CreateActorAsync(administrator: true);
        var heard = new TaskCompletionSource<LogUpdate>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var following = await app.Log.FollowAsync(administrator, new LogQuery(), heard.SetResult, Cancellation);
        await using (var db = await app.Contexts.CreateDbContextAsync(Cancellation))
        {
            await db.UserRoles.Where(role => role.UserId == administrator.AccountId).ExecuteDeleteAsync(Cancellation);
        }

        app.AddLine(_minute);
        var his = app.AddLine(_minute, line => line with { AccountId = administrator.AccountId });
        await app.LogWriter.FlushAsync();

        var news = await heard.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        Assert.Equal([his.Number], ElementIds(news.Lines));
        Assert.Null(news.Lines[0].Account);
    }

    private static IEnumerable<long> ElementIds(IEnumerable<LogEntry> lines) => lines.Select(line => line.Id);
}
