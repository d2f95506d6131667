using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NexLlm.Dashboard.Logs;
using NexLlm.Dashboard.Logs.Writing;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Logs;

/// <summary>That lines are written in time, that nothing waits for them, and that they go when they are old.</summary>
public sealed class LogWriterTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_line_is_in_the_file_a_second_later_unasked()
    {
        await using var app = new NexLlmApp();
        _ = app.Address;
        app.AddLine(TimeSpan.Zero);
        app.Clock.Advance(TimeSpan.FromSeconds(1));

        await GatewayApp.UntilAsync(() => Task.FromResult(app.AskLog("SELECT count(*) FROM Lines") == 1));
    }

    [Fact]
    public async Task A_proper_stop_writes_what_waits()
    {
        using var folder = new TemporaryFolder();
        await using (var app = new NexLlmApp { LastingFolder = folder })
        {
            _ = app.Address;
            app.AddLine(TimeSpan.Zero);
        }

        await using var next = new NexLlmApp { LastingFolder = folder };
        Assert.Single(await next.LinesAsync(await next.CreateActorAsync(administrator: true)));
    }

    [Fact]
    public async Task What_cannot_be_written_is_kept_as_far_as_there_is_room_then_dropped_and_counted_and_said_once()
    {
        await using var app = new NexLlmApp();
        var administrator = await app.CreateActorAsync(administrator: true);
        using (app.LockLog())
        {
            app.AddLinesUntilSomeAreDropped();
        }

        var dropped = app.LogWriter.Dropped;
        await GatewayApp.UntilAsync(async () =>
        {
            app.Clock.Advance(TimeSpan.FromSeconds(1));
            return (await app.Log.SearchAsync(administrator, new LogQuery(), Cancellation)).Lines.Count > 0;
        });

        // The writer speaks of what it dropped when its turn is over, a moment after the lines can be seen.
        await app.LogWriter.FlushAsync();
        Assert.Equal(dropped, app.LogWriter.Dropped);
        Assert.InRange(app.Logs.Lines.Count(line => line.Level >= LogLevel.Warning && line.Category.Contains(nameof(LogWriter), StringComparison.Ordinal)), 1, 3);
    }

    [Fact]
    public async Task Requests_are_answered_while_the_log_cannot_be_written()
    {
        await using var app = await GatewayApp.StartAsync();
        using var caller = await app.CreateCallerAsync();
        using (app.LockLog())
        {
            using var answer = await caller.ChatAsync();
            answer.EnsureSuccessStatusCode();
            Assert.Equal(12, await caller.ChargedAsync());
        }
    }

    [SqliteOnly("It looks at the size of the file.")]
    [Fact]
    public async Task Old_lines_and_counts_go_and_the_file_gives_their_room_back()
    {
        await using var app = new NexLlmApp { Settings = { ["Logs:Keep"] = "7.00:00:00" } };
        var administrator = await app.CreateActorAsync(administrator: true);
        for (var i = 0; i < 40_000; i++)
        {
            app.AddLine(TimeSpan.Zero, line => line with { Model = "a-model-with-a-long-name", Code = i == 0 ? "key_expired" : null });
        }

        await app.LogWriter.FlushAsync();
        Assert.Equal(40_000, app.AskLog("SELECT count(*) FROM Lines"));
        var pages = app.AskLog("PRAGMA page_count");
        app.Clock.Advance(TimeSpan.FromDays(6.9));
        var young = app.AddLine(TimeSpan.Zero);
        await app.LogWriter.FlushAsync();
        Assert.Equal(40_001, app.AskLog("SELECT count(*) FROM Lines"));

        app.Clock.Advance(TimeSpan.FromHours(3));
        await GatewayApp.UntilAsync(async () =>
        {
            await app.LogWriter.FlushAsync();
            return app.AskLog("SELECT count(*) FROM Lines") == 1;
        });

        Assert.Equal(young.Number, (await app.LinesAsync(administrator)).Single().Id);
        Assert.Equal(0, app.AskLog("SELECT count(*) FROM Refusals"));
        Assert.True(app.AskLog("PRAGMA page_count") < pages / 2);
    }

    [SqliteOnly("It damages the file.")]
    [Fact]
    public async Task A_damaged_file_does_not_keep_the_server_from_starting()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("nexllm-log.db"), new string('x', 8_192), Cancellation);
        await using var app = new NexLlmApp { LastingFolder = folder };
        var administrator = await app.CreateActorAsync(administrator: true);
        app.AddLine(TimeSpan.Zero);

        Assert.Single(await app.LinesAsync(administrator));
        Assert.Contains("damaged", app.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_the_clock_was_set_back_between_two_starts_no_line_takes_anothers_place()
    {
        using var folder = new TemporaryFolder();
        var ahead = NexLlmApp.Start.AddHours(1);
        LoggedRequest first;
        await using (var app = new NexLlmApp { LastingFolder = folder })
        {
            app.Clock.SetUtcNow(ahead);
            _ = app.Address;
            first = app.AddLine(TimeSpan.Zero);
        }

        await using var next = new NexLlmApp { LastingFolder = folder };
        var administrator = await next.CreateActorAsync(administrator: true);
        next.Clock.SetUtcNow(ahead);
        var second = next.AddLine(TimeSpan.Zero, line => line with { Number = first.Number, RequestId = RequestNumber.NewId(first.Number) });

        Assert.All(await next.LinesAsync(administrator), line => Assert.Equal(1, line.Requests));
        Assert.Equal(2, next.AskLog("SELECT count(*) FROM Lines"));
        foreach (var id in new[] { first.RequestId, second.RequestId })
        {
            Assert.Equal(id, Assert.Single(await next.LinesAsync(administrator, new LogQuery(RequestId: id))).RequestId);
        }
    }

    [Fact]
    public async Task Numbers_go_on_behind_those_in_the_file_when_the_clock_stands_still()
    {
        using var folder = new TemporaryFolder();
        long last;
        await using (var app = new NexLlmApp { LastingFolder = folder })
        {
            _ = app.Address;
            last = app.Services.GetRequiredService<RequestNumbers>().Next() + 100;
            app.LogWriter.Add(new LoggedRequest { Number = last, RequestId = RequestNumber.NewId(last), Status = 200 });
        }

        await using var next = new NexLlmApp { LastingFolder = folder };
        Assert.Equal(last + 1, next.Services.GetRequiredService<RequestNumbers>().Next());
    }
}
