using System.Net;
using NexLlm.Dashboard.Logs.Writing;
using NexLlm.Dashboard.Tests.TestKit;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Tests.Logs;

public sealed class LogDetailsTests : IAsyncLifetime
{
    private GatewayApp _app = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _app = await GatewayApp.StartAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task An_answered_request_has_its_charge_and_administrators_see_where_it_went()
    {
        using var caller = await _app.CreateCallerAsync();
        using var answer = await caller.ChatAsync();
        await answer.Content.ReadAsStringAsync(Cancellation);
        var charge = await caller.SettledAsync();
        var id = answer.Headers.GetValues("x-request-id").Single();
        // The line is handed over a moment after the answer has ended.
        await GatewayApp.UntilAsync(async () =>
        {
            await _app.LogWriter.FlushAsync();
            return await _app.Log.FindAsync(caller.Owner, id, Cancellation) is not null;
        });

        var own = (await _app.Log.FindAsync(caller.Owner, id, Cancellation))!;
        var all = (await _app.Log.FindAsync(await _app.CreateActorAsync(administrator: true), $" {id} ", Cancellation))!;

        Assert.Equal((id, 200, 9, 3, 12), (own.Line.RequestId, own.Line.Status, own.Line.InputTokens, own.Line.OutputTokens, own.Line.ChargedTokens));
        Assert.Equal((charge.Id, ChargeState.Settled, 1m, 0, 12), (own.Charge!.Id, own.Charge.State, own.Charge.Ratio, own.Charge.ReservedTokens, own.Charge.ChargedTokens));
        Assert.Equal((null, null, null), (own.AccountId, own.ChannelId, own.Line.Channel));
        Assert.Equal((caller.Owner.AccountId, "main"), (all.AccountId, all.Line.Channel));
        Assert.NotNull(all.ChannelId);
        Assert.Null(own.Reason);
    }

    [Fact]
    public async Task A_refused_request_says_why_and_was_charged_nothing()
    {
        using var caller = await _app.CreateCallerAsync();
        using var answer = await caller.ChatAsync("no-such-model");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        await _app.LogWriter.FlushAsync();

        var found = (await _app.Log.FindAsync(caller.Owner, answer.Headers.GetValues("x-request-id").Single(), Cancellation))!;

        Assert.Equal("model_not_found", found.Line.Code);
        Assert.StartsWith("The model does not exist", found.Reason, StringComparison.Ordinal);
        Assert.Null(found.Charge);
    }

    [Fact]
    public async Task What_is_somebody_elses_or_nobodys_is_not_there()
    {
        using var caller = await _app.CreateCallerAsync();
        using var answer = await caller.ChatAsync();
        await _app.LogWriter.FlushAsync();

        Assert.Null(await _app.Log.FindAsync(await _app.CreateActorAsync(), answer.Headers.GetValues("x-request-id").Single(), Cancellation));
        Assert.Null(await _app.Log.FindAsync(caller.Owner, "req_", Cancellation));
        Assert.Null(await _app.Log.FindAsync(caller.Owner, RequestNumber.NewId(RequestNumber.FirstAt(_app.Clock.GetUtcNow())), Cancellation));
    }
}
