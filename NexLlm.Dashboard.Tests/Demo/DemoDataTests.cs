using System.CommandLine;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Demo;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Tests.TestKit;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Tests.Demo;

public sealed class DemoDataTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Demo_keys_are_of_every_kind_and_what_they_used_is_what_their_charges_say()
    {
        await using var app = new NexLlmApp();
        var actor = await app.CreateActorAsync();
        await app.Services.GetRequiredService<DemoData>().FillAsync(actor.AccountId!.Value, 1_200, seed: 1, cancellation: Cancellation);
        await app.Services.GetRequiredService<DemoData>().FillAsync(actor.AccountId!.Value, 300, seed: 1, cancellation: Cancellation);

        var counts = await app.Keys.CountAsync(actor, null, Cancellation);
        Assert.Equal(1_500, counts[KeyFilter.All]);
        Assert.All(Enum.GetValues<KeyFilter>(), filter => Assert.InRange(counts[filter], 1, 1_500));

        await using var db = await app.Contexts.CreateDbContextAsync(Cancellation);
        var charged = await db.Set<Charge>().GroupBy(c => c.KeyId).ToDictionaryAsync(g => g.Key, g => g.Sum(c => c.ChargedTokens), Cancellation);
        Assert.All(
            await db.Set<ApiKey>().ToListAsync(Cancellation), key => Assert.Equal(charged.GetValueOrDefault(key.Id), key.UsedTokens));
        Assert.Equal(charged.Values.Sum(), (await db.Users.SingleAsync(Cancellation)).UsedTokens);
        Assert.All(await db.Set<Charge>().ToListAsync(Cancellation), charge => Assert.Equal(
            charge.ChargedTokens, (((charge.InputTokens + charge.OutputTokens) * charge.RatioMillionths) + 999_999) / 1_000_000));
        Assert.Equal(3, await db.Set<ApiKey>().Select(k => k.GroupId).Distinct().CountAsync(Cancellation));
        await app.VerifyAsync();
    }

    [Fact]
    public async Task A_key_that_somebody_made_is_told_from_invented_ones()
    {
        await using var app = new NexLlmApp();
        var actor = await app.CreateActorAsync();
        var demo = app.Services.GetRequiredService<DemoData>();
        await demo.FillAsync(actor.AccountId!.Value, 5, seed: 1, cancellation: Cancellation);
        Assert.False(await demo.HoldsRealKeysAsync(Cancellation));

        await app.CreateKeyAsync(actor, "real");
        Assert.True(await demo.HoldsRealKeysAsync(Cancellation));
    }

    [Fact]
    public async Task The_command_leaves_a_database_with_real_keys_alone_unless_it_is_forced()
    {
        await using var app = new NexLlmApp();
        var actor = await app.CreateActorAsync("owner@example.com");
        await app.CreateKeyAsync(actor, "real");
        var command = app.Services.GetServices<Command>().Single(c => c.Name == "demo-data");

        Assert.Equal(1, await command.Parse("--keys 7 --account owner@example.com").InvokeAsync(cancellationToken: Cancellation));
        Assert.Equal(1, (await app.Keys.CountAsync(actor, null, Cancellation))[KeyFilter.All]);

        Assert.Equal(0, await command.Parse("--keys 7 --account owner@example.com --force").InvokeAsync(cancellationToken: Cancellation));
        Assert.Equal(8, (await app.Keys.CountAsync(actor, null, Cancellation))[KeyFilter.All]);

        Assert.Equal(1, await command.Parse("--keys 7 --account nobody@example.com --force").InvokeAsync(cancellationToken: Cancellation));
        Assert.Equal(1, await command.Parse("--keys 0 --force").InvokeAsync(cancellationToken: Cancellation));
    }
}
