using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Accounts.Administration;
using NexLlm.Dashboard.Channels.Administration;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Tests.TestKit;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Tests.Usage;

/// <summary>People change everything that requests go by while programs send them.</summary>
public sealed class EditsUnderLoadTests
{
    private const int Programs = 4;
    private const long AccountLimit = 100_000_000;
    private const long KeyLimit = 50_000_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_edit_is_lost_and_none_touches_a_counter()
    {
        await using var app = await GatewayApp.StartAsync();
        var root = await app.CreateActorAsync(administrator: true);
        var group = await app.CreateGroupAsync(root);
        var channel = await app.CreateChannelAsync(
            root, settings => settings with { BaseUrl = app.Upstream.BaseUrl, Models = [new(GatewayApp.Model)], GroupIds = [group.Id] }, providerKey: "provider-key");
        using var caller = await app.CreateCallerAsync(policy => policy with { GroupId = group.Id, TokenLimit = KeyLimit }, accountLimit: AccountLimit);
        group = (await app.Groups.FindAsync(root, group.Id, Cancellation))!;
        var account = caller.Owner.AccountId!.Value;
        var quotas = app.Services.GetRequiredService<AccountQuotas>();
        var version = (await app.Keys.FindAsync(caller.Owner, caller.KeyId, Cancellation))!.Version;

        var load = Task.WhenAll(Enumerable.Range(0, Programs).Select(_ => Task.Run(() => SendAsync(caller), Cancellation)));
        var edits = 0;
        for (; !load.IsCompleted || edits < 10; edits++)
        {
            channel = (await app.Channels.UpdateAsync(
                root, channel.Id, channel.Version, channel.Settings() with { Priority = edits % 5 }, new ProviderKeyChange.Keep(), Cancellation)).Now();
            group = (await app.Groups.UpdateAsync(
                root, group.Id, group.Version, group.Settings() with { RatioMillionths = 1_000_000 + edits }, Cancellation)).Now();
            Assert.IsType<QuotaOutcome.Changed>(await quotas.ChangeAsync(root, account, new AccountQuotaChange.Add(1), Cancellation));
            version = Assert.IsType<EditOutcome.Saved>(
                await app.Keys.EditAsync(caller.Owner, new EditKey(caller.KeyId, version, Quota: new QuotaChange.Add(1)), Cancellation)).Key.Version;
        }

        await load;
        await app.VerifyAsync();
        var charges = await caller.ChargesAsync();
        Assert.Equal(Programs * Scale.Of(25, 2_500), charges.Count(c => c.State is ChargeState.Settled));
        await using var db = await app.Contexts.CreateDbContextAsync(Cancellation);
        var key = await db.Set<ApiKey>().SingleAsync(k => k.Id == caller.KeyId, Cancellation);
        var owner = await db.Users.SingleAsync(a => a.Id == account, Cancellation);
        var charged = charges.Sum(c => c.ChargedTokens);
        Assert.Equal((KeyLimit + edits, charged), (key.TokenLimit, key.UsedTokens));
        Assert.Equal((AccountLimit + edits, charged), (owner.TokenLimit, owner.UsedTokens));
    }

    private static async Task SendAsync(Caller caller)
    {
        for (var i = 0; i < Scale.Of(25, 2_500); i++)
        {
            using var answer = await caller.ChatAsync();
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
        }
    }
}
