using NexLlm.Dashboard.Channels.Upstream;

namespace NexLlm.Dashboard.Tests.Channels.Upstream;

public sealed class TimeLimitTests : UpstreamTest
{
    [Fact]
    public async Task An_answer_that_does_not_begin_in_time_ends_the_call_for_good()
    {
        var (got, left) = Silent();
        var sending = SendAsync().AsTask();
        await got.Task.WaitAsync(Cancellation);
        Clock.Advance(Limits.FirstByteTimeout - TimeSpan.FromSeconds(1));
        Assert.False(sending.IsCompleted);
        Clock.Advance(TimeSpan.FromSeconds(2));

        // It may have been made all the same, and billed.
        Assert.False((await Assert.ThrowsAsync<UpstreamTimeoutException>(() => sending)).MayFailOver);
        await left.Task.WaitAsync(Cancellation);
    }

    [Fact]
    public async Task A_stream_that_falls_silent_is_given_up_after_the_idle_time()
    {
        var (_, left) = Silent("data: 1\n\n");
        using var answer = await SendAsync(streamed: true);
        var buffer = new byte[100];
        Assert.Equal(9, await answer.Body.ReadAsync(buffer, Cancellation));
        var reading = answer.Body.ReadAsync(buffer, Cancellation).AsTask();
        Clock.Advance(Limits.IdleTimeout - TimeSpan.FromSeconds(1));
        Assert.False(reading.IsCompleted);
        Clock.Advance(TimeSpan.FromSeconds(2));

        Assert.False((await Assert.ThrowsAsync<UpstreamTimeoutException>(() => reading)).MayFailOver);
        await left.Task.WaitAsync(Cancellation);
    }

    [Fact]
    public async Task A_client_that_reads_slowly_is_no_idle_upstream()
    {
        Silent("data: 1\n\n");
        using var answer = await SendAsync(streamed: true);
        Clock.Advance(Limits.FirstByteTimeout * 3);

        Assert.Equal(9, await answer.Body.ReadAsync(new byte[100], Cancellation));
    }

    [Fact]
    public async Task Time_that_one_request_took_is_not_taken_from_the_next()
    {
        await AnswerAsync(Main);
        Clock.Advance(Limits.FirstByteTimeout - TimeSpan.FromSeconds(1));
        var (got, _) = Silent();
        using var stop = new CancellationTokenSource();
        var sending = SendAsync(cancellation: stop.Token).AsTask();
        await got.Task.WaitAsync(Cancellation);
        Clock.Advance(TimeSpan.FromSeconds(30));

        Assert.False(sending.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }

    [Fact]
    public async Task While_nothing_is_waited_for_no_timer_runs_so_that_a_clock_can_jump_by_years()
    {
        await AnswerAsync(Main);
        Clock.Advance(TimeSpan.FromDays(3_650));
        await AnswerAsync(Main);

        Assert.Equal(2, Upstream.Received.Count);
    }

    [Fact]
    public async Task Who_cancels_gets_his_own_cancellation_the_upstream_is_left_and_nobody_is_blamed()
    {
        for (var i = 0; i < 3; i++)
        {
            var (got, left) = Silent();
            using var stop = new CancellationTokenSource();
            var sending = SendAsync(cancellation: stop.Token).AsTask();
            await got.Task.WaitAsync(Cancellation);
            await stop.CancelAsync();

            Assert.Equal(stop.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending)).CancellationToken);
            await left.Task.WaitAsync(Cancellation);
        }

        Assert.False(Main.Circuit.Rests);
    }

    [Fact]
    public async Task Cancelling_ends_a_stream_that_is_being_read()
    {
        var (_, left) = Silent("data: 1\n\n");
        using var stop = new CancellationTokenSource();
        using var answer = await SendAsync(streamed: true, cancellation: stop.Token);
        var buffer = new byte[100];
        await answer.Body.ReadExactlyAsync(buffer.AsMemory(0, 9), Cancellation);
        var reading = answer.Body.ReadAsync(buffer, Cancellation).AsTask();
        await stop.CancelAsync();

        Assert.Equal(stop.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading)).CancellationToken);
        await left.Task.WaitAsync(Cancellation);
    }

    [Fact]
    public async Task An_answer_that_is_let_go_before_its_end_stops_the_upstream()
    {
        var (_, left) = Silent("data: 1\n\n");
        using (await SendAsync(streamed: true))
        {
            Assert.Equal(1, Main.InFlight);
        }

        await left.Task.WaitAsync(Cancellation);
    }
}
