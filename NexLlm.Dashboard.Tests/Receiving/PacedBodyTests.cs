using System.Net;
using NexLlm.Dashboard.Receiving;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Receiving;

/// <summary>A server that receives a megabyte a second: large bodies take their time, and nobody else does.</summary>
public sealed class PacedBodyTests
{
    private const int Rate = 1_024 * 1_024;
    private const int Large = 4 * Rate;

    private static readonly TimeSpan _moment = TimeSpan.FromMilliseconds(50);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_large_body_is_received_at_the_pace_and_served_and_small_ones_do_not_wait_meanwhile()
    {
        await using var app = await StartAsync();
        using var caller = await app.CreateCallerAsync();
        var began = app.Clock.GetUtcNow();
        var large = caller.ChatAsync(text: new string('a', Large));
        await WaitingAsync(app, 1);

        using var small = await caller.ChatAsync();
        Assert.Equal(HttpStatusCode.OK, small.StatusCode);
        Assert.False(large.IsCompleted);
        await AdvanceUntilAsync(app, () => large.IsCompleted);
        using var served = await large;
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        Assert.InRange((app.Clock.GetUtcNow() - began).TotalSeconds, 3, 60);
        await WaitingAsync(app, 0);
    }

    [Fact]
    public async Task What_nobody_reads_is_dropped_at_the_pace_for_five_seconds_and_then_the_connection_ends()
    {
        await using var app = await StartAsync();
        using var caller = await app.CreateCallerAsync(accountLimit: 0);
        using var request = await RawRequest.BeginAsync(caller, "Content-Length: 33000000");
        Assert.StartsWith("HTTP/1.1 429 ", await request.AnswerAsync(), StringComparison.Ordinal);

        // More than the system keeps for a connection that nobody reads.
        var sending = request.SendAsync(new byte[32_000_000]);
        await WaitingAsync(app, 1);
        Assert.Equal(0, app.LiveAccountOf(caller).Running);
        app.Clock.Advance(TimeSpan.FromSeconds(4.9));
        await WaitingAsync(app, 1);
        Assert.False(sending.IsCompleted);
        app.Clock.Advance(_moment * 4);

        await Assert.ThrowsAsync<IOException>(() => sending);
        await AdvanceUntilAsync(app, () => app.Service<BodyRateLimiter>().Lanes == 0);
    }

    [Fact]
    public async Task A_page_drops_what_it_rejects_at_the_pace_too()
    {
        await using var app = await StartAsync();
        using var visitor = app.CreateVisitor();
        var began = app.Clock.GetUtcNow();
        using var form = new ByteArrayContent(new byte[Large]);
        var sending = visitor.PostAsync("/account/login", form, Cancellation);
        await WaitingAsync(app, 1);
        await AdvanceUntilAsync(app, () => sending.IsCompleted);

        using var answer = await sending;
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        // Between two parts nobody waits either: only its time ends it for certain.
        await AdvanceUntilAsync(app, () => app.Clock.GetUtcNow() - began > TimeSpan.FromSeconds(10));
    }

    private static Task<GatewayApp> StartAsync() => GatewayApp.StartAsync(("Server:BodyBytesPerSecond", $"{Rate}"));

    private static Task WaitingAsync(GatewayApp app, int lanes) =>
        GatewayApp.UntilAsync(() => Task.FromResult(app.Service<BodyRateLimiter>().Lanes == lanes));

    private static Task AdvanceUntilAsync(GatewayApp app, Func<bool> holds) => GatewayApp.UntilAsync(() =>
    {
        app.Clock.Advance(_moment);
        return Task.FromResult(holds());
    });
}
