using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Tests.TestKit;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Tests.Usage;

/// <summary>One request at a time, through the file and back.</summary>
public sealed class LedgerTests(NexLlmApp app) : IClassFixture<NexLlmApp>
{
    [Fact]
    public async Task An_answer_in_one_piece_is_one_row_with_all_that_was_used()
    {
        var key = await KeyAsync();

        var ticket = app.Reserve(key, prompt: 100, output: 50, ratioMillionths: 500_000);
        Assert.Equal(75, ticket.Reserved);
        Assert.Equal((0, 75), (key.Spending.Used, key.Spending.Reserved));
        await ticket.SettleAsync(30, 11);

        Assert.Equal((21, 0), (key.Spending.Used, key.Spending.Reserved));
        Assert.Equal((21, 0), (key.Account.Spending.Used, key.Account.Spending.Reserved));
        var charge = Assert.Single(await app.ChargesAsync(key.Id));
        Assert.Equal((ChargeState.Settled, 0L, 30L, 11L, 21L), (charge.State, charge.ReservedTokens, charge.InputTokens, charge.OutputTokens, charge.ChargedTokens));
        Assert.Equal((ticket.Request.RequestId, key.Id, key.Account.Id), (charge.RequestId, charge.KeyId, charge.AccountId));
        Assert.Equal(app.Clock.GetUtcNow(), charge.SettledAt);
        await app.VerifyAsync();
        Assert.Equal(21, await app.StoredUseAsync(key.Id));
    }

    [Fact]
    public async Task A_stream_stands_in_the_file_before_its_first_byte_and_is_settled_there()
    {
        var key = await KeyAsync();
        var ticket = app.Reserve(key, prompt: 100, output: 50);

        await ticket.DurableAsync();
        await ticket.DurableAsync();
        var running = Assert.Single(await app.ChargesAsync(key.Id));
        Assert.Equal((ChargeState.Reserved, 150L, 100L, 0L), (running.State, running.ReservedTokens, running.InputTokens, running.ChargedTokens));

        ticket.Checkpoint(7);
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        await app.FlushAsync();
        Assert.Equal(7, Assert.Single(await app.ChargesAsync(key.Id)).OutputTokens);

        await ticket.SettleAsync(90, 20);
        Assert.Equal((ChargeState.Settled, 110L), Assert.Single(await app.ChargesAsync(key.Id)) is var c ? (c.State, c.ChargedTokens) : default);
        await app.VerifyAsync();
    }

    [Fact]
    public async Task What_takes_a_while_is_written_unasked()
    {
        var key = await KeyAsync();
        var ticket = app.Reserve(key, 1, 1);

        app.Clock.Advance(TimeSpan.FromMilliseconds(25));
        await app.FlushAsync();

        Assert.Equal(ChargeState.Reserved, Assert.Single(await app.ChargesAsync(key.Id)).State);
        ticket.Abandon();
        await app.VerifyAsync();
    }

    [Fact]
    public async Task What_is_abandoned_costs_nothing_written_or_not()
    {
        var key = await KeyAsync();
        var unwritten = app.Reserve(key, 10, 10);
        unwritten.Abandon();
        var written = app.Reserve(key, 10, 10);
        await written.DurableAsync();
        written.Abandon();
        written.Abandon();
        await app.VerifyAsync();

        var charge = Assert.Single(await app.ChargesAsync(key.Id));
        Assert.Equal((ChargeState.Abandoned, 0L, 0L), (charge.State, charge.ReservedTokens, charge.ChargedTokens));
        Assert.Equal((0, 0), (key.Spending.Used, key.Spending.Reserved));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await written.SettleAsync(1, 1));
    }

    [Fact]
    public async Task A_request_is_charged_once()
    {
        var key = await KeyAsync();
        var ticket = app.Reserve(key, 10, 10);
        await ticket.SettleAsync(3, 4);

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await ticket.SettleAsync(3, 4));
        ticket.Abandon();

        Assert.Equal(7, key.Spending.Used);
        await app.VerifyAsync();
    }

    [Theory]
    [InlineData(long.MaxValue, long.MaxValue, 150)]
    [InlineData(long.MinValue, 20, 20)]
    [InlineData(-1, -1, 0)]
    [InlineData(100, 51, 150)]
    public async Task Whatever_an_upstream_claims_no_more_than_was_reserved_is_charged_and_never_less_than_nothing(long input, long output, long charged)
    {
        var key = await KeyAsync(limit: 1_000);
        var ticket = app.Reserve(key, 100, 50);

        await ticket.SettleAsync(input, output);

        Assert.Equal(charged, key.Spending.Used);
        Assert.Equal(Price.Of(input, output, 1_000_000) > 150, Assert.Single(await app.ChargesAsync(key.Id)).IsClamped);
        await app.VerifyAsync();
    }

    [Fact]
    public async Task Without_a_limit_what_was_used_is_charged_even_above_the_bound()
    {
        var created = await app.CreateKeyAsync(await app.CreateActorAsync(tokenLimit: null), "unlimited");
        var key = await app.LiveAsync(created);

        await app.Reserve(key, 10, 10).SettleAsync(500, 0);

        Assert.Equal(500, key.Spending.Used);
        Assert.Null(app.Ledger.RoomFor(key, 1_000_000));
        await app.VerifyAsync();
    }

    [Fact]
    public async Task A_list_hears_of_use_within_a_second_of_it()
    {
        var key = await KeyAsync();
        var heard = new TaskCompletionSource<KeysChanged>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var subscription = app.Services.GetRequiredService<KeyChanges>().Subscribe(change => heard.TrySetResult(change));

        await app.Reserve(key, 10, 10).SettleAsync(2, 3);
        app.Clock.Advance(TimeSpan.FromSeconds(1));

        var change = await heard.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.True(change.OnlyUsage);
        Assert.Equal((key.Account.Id, key.Id), (change.OwnerId, Assert.Single(change.KeyIds)));
        Assert.Equal(5, await app.StoredUseAsync(key.Id));
    }

    private async Task<LiveKey> KeyAsync(long? limit = null) =>
        await app.LiveAsync(await app.CreateKeyAsync(await app.CreateActorAsync(), "production", p => p with { TokenLimit = limit }));
}
