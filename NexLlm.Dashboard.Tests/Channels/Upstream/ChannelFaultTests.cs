using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Channels.Upstream;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Channels.Upstream;

public sealed class ChannelFaultTests : UpstreamTest
{
    [Fact]
    public async Task A_channel_that_rests_is_not_called_until_its_rest_is_over()
    {
        Upstream.Answer = context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        await BlamedAsync(Main);
        await BlamedAsync(Main);
        Assert.True((await Assert.ThrowsAsync<UpstreamUnreachableException>(async () => await SendAsync())).MayFailOver);
        Assert.Equal(2, Upstream.Received.Count);
        Assert.Contains(Logs.Lines, line => line is { Level: LogLevel.Warning } && line.Message.StartsWith("Channel main is paused for", StringComparison.Ordinal));

        Upstream.Answer = context => context.Response.WriteAsync("{}");
        Clock.Advance(new RoutingOptions().CircuitRest);
        using (var back = await SendAsync())
        {
            await back.ReportSuccessAsync();
        }

        Assert.False(Main.Circuit.Rests);
        Assert.Contains(Logs.Lines, line => line.Message == "Channel main has recovered.");
    }

    [Fact]
    public async Task A_refused_connection_may_fail_over_and_its_cause_is_told_to_the_operator()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)taken.LocalEndPoint!).Port;
        var channel = Channels.Create("gone", baseUrl: $"http://127.0.0.1:{port}/v1", providerKey: ProviderKey);
        for (var i = 0; i < 2; i++)
        {
            var failure = await Assert.ThrowsAsync<UpstreamUnreachableException>(async () => await SendAsync(channel));
            Assert.True(failure.MayFailOver);
            Assert.Equal($"Can't reach channel gone: Connection refused (127.0.0.1:{port})", failure.Message);
        }

        Assert.True(channel.Circuit.Rests);
        Assert.Equal(0, channel.InFlight);
    }

    [Fact]
    public async Task A_connection_that_ends_before_an_answer_may_fail_over()
    {
        Upstream.Answer = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };

        Assert.True((await Assert.ThrowsAsync<UpstreamUnreachableException>(async () => await SendAsync())).MayFailOver);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(100)]
    public async Task An_answer_that_breaks_off_is_no_complete_one(int? announced)
    {
        var begun = new TaskCompletionSource();
        Upstream.Answer = async context =>
        {
            context.Response.ContentLength = announced;
            await context.Response.WriteAsync("data: 1\n\n");
            await context.Response.Body.FlushAsync();
            await begun.Task;
            context.Abort();
        };
        using var answer = await SendAsync();
        begun.SetResult();

        var failure = await Assert.ThrowsAsync<UpstreamException>(() => answer.Body.CopyToAsync(Stream.Null, Cancellation));
        Assert.False(failure.MayFailOver);
        Assert.StartsWith("Channel main broke off in the middle of a response: ", failure.Message, StringComparison.Ordinal);
        Assert.Equal((1, 1), (Main.Circuit.Health.Calls, Main.Circuit.Health.Failures));
    }

    [Fact]
    public async Task A_stream_that_falls_silent_in_the_middle_is_the_channels_failure_and_one_that_was_given_up_nobodys()
    {
        Silent("data: 1\n\n");
        using (await SendAsync(streamed: true))
        {
            // Given up before its end.
        }

        Assert.Equal(0, Main.Circuit.Health.Calls);
        Silent("data: 1\n\n");
        using var answer = await SendAsync(streamed: true);
        await answer.Body.ReadExactlyAsync(new byte[9], Cancellation);
        var reading = answer.Body.CopyToAsync(Stream.Null, Cancellation);
        Clock.Advance(Limits.IdleTimeout + TimeSpan.FromSeconds(2));
        await Assert.ThrowsAsync<UpstreamTimeoutException>(() => reading);

        Assert.Equal((1, 1), (Main.Circuit.Health.Calls, Main.Circuit.Health.Failures));
    }

    [Fact]
    public async Task A_call_is_counted_once_when_its_answer_has_ended()
    {
        using var answer = await SendAsync();
        await answer.ReportSuccessAsync();
        Assert.Equal(0, Main.Circuit.Health.Calls);

        await answer.Body.CopyToAsync(Stream.Null, Cancellation);
        answer.CountFailure();

        Assert.Equal((1, 0), (Main.Circuit.Health.Calls, Main.Circuit.Health.Failures));
    }

    [Fact]
    public async Task What_turns_out_to_be_no_answer_is_a_failure_though_it_was_read_to_its_end()
    {
        using var answer = await SendAsync();
        await answer.Body.CopyToAsync(Stream.Null, Cancellation);
        await answer.ReportFailureAsync();

        Assert.Equal((1, 1), (Main.Circuit.Health.Calls, Main.Circuit.Health.Failures));
    }

    [Fact]
    public async Task Answers_that_keep_breaking_off_let_the_channel_rest()
    {
        // Each counts once for its beginning and once for its end, so half of them is what can be asked for.
        var shaky = new TestChannels(Clock, new RoutingOptions { CircuitMinimumCalls = 4 }).Create("shaky", baseUrl: BaseUrl, providerKey: ProviderKey);
        for (var i = 0; i < 2; i++)
        {
            var begun = new TaskCompletionSource();
            Upstream.Answer = async context =>
            {
                await context.Response.WriteAsync("{");
                await context.Response.Body.FlushAsync();
                await begun.Task;
                context.Abort();
            };
            using var answer = await SendAsync(shaky);
            await answer.ReportSuccessAsync();
            begun.SetResult();
            await Assert.ThrowsAsync<UpstreamException>(() => answer.Body.CopyToAsync(Stream.Null, Cancellation));
        }

        Assert.True(shaky.Circuit.Rests);
    }

    [Fact]
    public async Task Where_a_stream_has_ended_the_open_connection_is_left_and_the_call_counts_as_a_success()
    {
        var (_, left) = Silent("data: [DONE]\n\n");
        using (var answer = await SendAsync(streamed: true))
        {
            await answer.Body.ReadExactlyAsync(new byte[14], Cancellation);
            await answer.EndAsync();
        }

        await left.Task.WaitAsync(Cancellation);
        Assert.Equal((1, 0), (Main.Circuit.Health.Calls, Main.Circuit.Health.Failures));
    }

    private async Task BlamedAsync(LiveChannel channel)
    {
        using var answer = await SendAsync(channel);
        await answer.ReportFailureAsync();
    }
}
