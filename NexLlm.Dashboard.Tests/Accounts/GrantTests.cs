using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Administration;
using NexLlm.Dashboard.Accounts.Profile;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Accounts;

public sealed class GrantTests(NexLlmApp app) : IClassFixture<NexLlmApp>
{
    private static readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    private AccountService Own => app.Services.GetRequiredService<AccountService>();

    private AccountQuotas Service => app.Services.GetRequiredService<AccountQuotas>();

    [Fact]
    public async Task Grants_add_up_even_at_once_and_are_audited()
    {
        var actor = await app.CreateActorAsync("granted@example.com", tokenLimit: 0);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Service.GrantAsync(Actor.Machine, " Granted@Example.com", 1_000, _cancellation)));

        Assert.Equal(20_000, (await Own.GetAsync(actor, _cancellation)).TokenLimit);
        var events = (await app.AuditAsync()).Where(e => e.OwnerId == actor.AccountId && e.Action == AuditActions.AccountQuotaGranted).ToList();
        Assert.Equal(20, events.Count);
        Assert.Contains("{\"tokenLimit\":{\"before\":19000,\"after\":20000}}", events.Select(e => e.Changes));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public async Task Nothing_less_than_one_token_nor_more_than_can_be_counted_is_granted(long tokens)
    {
        var actor = await app.CreateActorAsync(tokenLimit: 5);
        var email = (await Own.GetAsync(actor, _cancellation)).Email;

        Assert.Equal(new QuotaOutcome.OutOfRange(long.MaxValue - 5), await Service.GrantAsync(Actor.Machine, email, tokens, _cancellation));
        Assert.Equal(5, (await Own.GetAsync(actor, _cancellation)).TokenLimit);
    }

    [Fact]
    public async Task An_unlimited_account_stays_unlimited_and_an_unknown_one_is_named_so()
    {
        await app.CreateActorAsync("unlimited@example.com", tokenLimit: null);

        Assert.Equal(
            new QuotaOutcome.AlreadyUnlimited("unlimited@example.com"),
            await Service.GrantAsync(Actor.Machine, "unlimited@example.com", 1, _cancellation));
        Assert.Equal(new QuotaOutcome.UnknownAccount(), await Service.GrantAsync(Actor.Machine, "nobody@example.com", 1, _cancellation));
    }

    [Fact]
    public async Task Nobody_grants_himself_anything()
    {
        var actor = await app.CreateActorAsync("greedy@example.com", tokenLimit: 0);

        await Assert.ThrowsAsync<AccessDeniedException>(() => Service.GrantAsync(actor, "greedy@example.com", 1, _cancellation));
        await Assert.ThrowsAsync<AccessDeniedException>(() => Service.GrantAsync(Actor.Visitor(null), "greedy@example.com", 1, _cancellation));
        Assert.Equal(0, (await Own.GetAsync(actor, _cancellation)).TokenLimit);
    }
}
