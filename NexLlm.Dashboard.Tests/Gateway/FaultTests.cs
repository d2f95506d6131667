using System.Net;
using Microsoft.AspNetCore.Http;
using NexLlm.Dashboard.Tests.TestKit;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Tests.Gateway;

/// <summary>Upstreams that fail in every order, and clients that leave at every moment.</summary>
public sealed class FaultTests
{
    private const int Pieces = 5;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_fails_in_whatever_order_each_answer_that_was_billed_is_charged_once()
    {
        await using var app = await GatewayApp.StartAsync(("Routing:CircuitMinimumCalls", "1000"), ("Routing:CircuitWindow", "00:00:01"));
        await using var second = await FakeUpstream.StartAsync();
        await using var third = await FakeUpstream.StartAsync();
        app.AddChannel(1, "second", second.BaseUrl, GatewayApp.Model);
        app.AddChannel(2, "third", third.BaseUrl, GatewayApp.Model);
        using var caller = await app.CreateCallerAsync(policy => policy with { TokenLimit = 10_000_000 });
        var random = new Random(20_261_124);
        var billed = 0;
        foreach (var upstream in (FakeUpstream[])[app.Upstream, second, third])
        {
            upstream.Answer = Failing(random, () => Interlocked.Increment(ref billed));
        }

        var complete = 0;
        for (var i = 0; i < Scale.Of(150, 10_000); i++)
        {
            using var answer = await caller.ChatAsync();
            complete += answer.StatusCode is HttpStatusCode.OK ? 1 : 0;
            app.Clock.Advance(TimeSpan.FromSeconds(2));
        }

        var charges = await caller.ChargesAsync();
        Assert.InRange(complete, 1, billed);
        Assert.Equal(billed, charges.Count(c => c.State is ChargeState.Settled));
        Assert.Equal(billed * 12, charges.Sum(c => c.ChargedTokens));
        await app.VerifyAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(Pieces)]
    public async Task A_client_that_leaves_after_any_piece_is_charged_by_the_usage_that_still_comes(int after)
    {
        await using var app = await GatewayApp.StartAsync();
        var left = new TaskCompletionSource();
        app.Upstream.Answer = FakeUpstream.ChatStreamOf(
            [.. Enumerable.Repeat("word ", Pieces)], prompt: 20, completion: Pieces, piece => piece == after ? left.Task : Task.CompletedTask);
        using var caller = await app.CreateCallerAsync();
        using var leaving = new CancellationTokenSource();
        var calling = Task.Run(async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
            {
                Content = new StringContent(Caller.ChatBody(more: ",\"stream\":true"), System.Text.Encoding.UTF8, "application/json"),
            };
            using var answer = await caller.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, leaving.Token);
            using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(leaving.Token));
            for (var piece = 0; piece < after; piece++)
            {
                await lines.ReadLineAsync(leaving.Token);
                await lines.ReadLineAsync(leaving.Token);
            }

            await Task.Delay(Timeout.Infinite, leaving.Token);
        }, Cancellation);
        await GatewayApp.UntilAsync(() => Task.FromResult(!app.Upstream.Received.IsEmpty));
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => calling);
        left.SetResult();

        Assert.Equal(20 + Pieces, (await caller.SettledAsync()).ChargedTokens);
    }

    [Fact]
    public async Task A_client_that_leaves_before_an_answer_in_one_piece_is_charged_for_it()
    {
        await using var app = await GatewayApp.StartAsync();
        var left = new TaskCompletionSource();
        var answer = app.Upstream.Answer;
        app.Upstream.Answer = async http =>
        {
            await left.Task;
            await answer(http);
        };
        using var caller = await app.CreateCallerAsync();
        using var leaving = new CancellationTokenSource();
        var calling = caller.Http.PostAsync("/v1/chat/completions", new StringContent(Caller.ChatBody()), leaving.Token);
        await GatewayApp.UntilAsync(() => Task.FromResult(!app.Upstream.Received.IsEmpty));
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => calling);
        left.SetResult();

        Assert.Equal(12, (await caller.SettledAsync()).ChargedTokens);
    }

    /// <summary>Fails in one of several ways, or answers and bills.</summary>
    private static RequestDelegate Failing(Random random, Action bill) => async http =>
    {
        int way;
        lock (random)
        {
            way = random.Next(6);
        }

        switch (way)
        {
            case 0:
                http.Abort();
                break;
            case 1:
                await FakeUpstream.Json("""{"error":{"message":"busy"}}""", 429)(http);
                break;
            case 2:
                await FakeUpstream.Json("""{"error":{"message":"broken"}}""", 500)(http);
                break;
            case 3:
                await FakeUpstream.Json("""{"error":{"message":"wrong"}}""", 400)(http);
                break;
            default:
                bill();
                await FakeUpstream.ChatOf("ok", prompt: 9, completion: 3)(http);
                break;
        }
    };
}
