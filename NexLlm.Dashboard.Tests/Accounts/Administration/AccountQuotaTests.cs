using System.Net;
using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Accounts.Administration;
using NexLlm.Dashboard.Accounts.Profile;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Accounts.Administration;

public sealed class AccountQuotaTests
{
    private static readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_limit_below_what_is_used_refuses_the_next_request_and_more_tokens_let_the_one_after_it_in()
    {
        await using var app = await GatewayApp.StartAsync();
        var root = await app.CreateActorAsync(administrator: true);
        using var caller = await app.CreateCallerAsync(accountLimit: 1_000_000);
        using (var first = await caller.ChatAsync())
        {
            Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        }

        var used = (await caller.SettledAsync()).ChargedTokens;
        await app.FlushAsync();
        var quotas = app.Services.GetRequiredService<AccountQuotas>();
        var id = caller.Owner.AccountId!.Value;

        Assert.Equal(used - 1, Changed(await quotas.ChangeAsync(root, id, new AccountQuotaChange.SetLimit(used - 1), _cancellation)).TokenLimit);
        using (var refused = await caller.ChatAsync())
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.Contains("insufficient_account_quota", await refused.Content.ReadAsStringAsync(_cancellation), StringComparison.Ordinal);
        }

        var more = Changed(await quotas.ChangeAsync(root, id, new AccountQuotaChange.Add(1_000_000), _cancellation));
        Assert.Equal((used + 999_999, used), (more.TokenLimit, more.UsedTokens));
        using (var allowed = await caller.ChatAsync())
        {
            Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        }

        Assert.Null(Changed(await quotas.ChangeAsync(root, id, new AccountQuotaChange.Unlimited(), _cancellation)).TokenLimit);
        Assert.IsType<QuotaOutcome.AlreadyUnlimited>(await quotas.ChangeAsync(root, id, new AccountQuotaChange.Add(1), _cancellation));
        await app.VerifyAsync();
    }

    [Fact]
    public async Task A_quota_is_never_below_0_nor_more_than_can_be_counted()
    {
        await using var app = new NexLlmApp();
        var root = await app.CreateActorAsync(administrator: true);
        var id = (await app.CreateActorAsync(tokenLimit: 5)).AccountId!.Value;
        var quotas = app.Services.GetRequiredService<AccountQuotas>();

        foreach (var tokens in new[] { -1, long.MinValue })
        {
            Assert.Equal(new QuotaOutcome.OutOfRange(long.MaxValue), await quotas.ChangeAsync(root, id, new AccountQuotaChange.SetLimit(tokens), _cancellation));
        }

        Assert.IsType<QuotaOutcome.OutOfRange>(await quotas.ChangeAsync(root, id, new AccountQuotaChange.Add(long.MaxValue - 4), _cancellation));
        Assert.Equal(0, Changed(await quotas.ChangeAsync(root, id, new AccountQuotaChange.SetLimit(0), _cancellation)).TokenLimit);
        Assert.IsType<QuotaOutcome.UnknownAccount>(await quotas.ChangeAsync(root, long.MaxValue, new AccountQuotaChange.SetLimit(0), _cancellation));
    }

    [Fact]
    public async Task A_new_limit_never_undoes_what_another_administrator_just_granted_unless_it_is_meant_to()
    {
        await using var app = new NexLlmApp();
        var (root, other) = (await app.CreateActorAsync(administrator: true), await app.CreateActorAsync(administrator: true));
        var id = (await app.CreateActorAsync(tokenLimit: 5)).AccountId!.Value;
        var quotas = app.Services.GetRequiredService<AccountQuotas>();
        var seen = new SeenLimit(5);
        await quotas.ChangeAsync(other, id, new AccountQuotaChange.Add(2), _cancellation);

        foreach (var change in (AccountQuotaChange[])[new AccountQuotaChange.SetLimit(9) { Instead = seen }, new AccountQuotaChange.Unlimited { Instead = seen }])
        {
            Assert.Equal(new QuotaOutcome.Conflict(7), await quotas.ChangeAsync(root, id, change, _cancellation));
        }

        Assert.Equal(9, Changed(await quotas.ChangeAsync(root, id, new AccountQuotaChange.SetLimit(9) { Instead = new(7) }, _cancellation)).TokenLimit);
        Assert.Null(Changed(await quotas.ChangeAsync(other, id, new AccountQuotaChange.Unlimited { Instead = new(9) }, _cancellation)).TokenLimit);
        Assert.Equal(new QuotaOutcome.Conflict(null), await quotas.ChangeAsync(root, id, new AccountQuotaChange.SetLimit(3) { Instead = new(9) }, _cancellation));
    }

    [Fact]
    public async Task Of_many_who_set_a_limit_and_add_to_it_at_once_no_change_is_lost_and_what_is_used_stays()
    {
        await using var app = new NexLlmApp();
        var root = await app.CreateActorAsync(administrator: true);
        var actor = await app.CreateActorAsync(tokenLimit: 1_000);
        var id = actor.AccountId!.Value;
        var quotas = app.Services.GetRequiredService<AccountQuotas>();
        await app.SpendAsync(actor, (await app.CreateKeyAsync(actor, "used")).Key.Id, 123);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 100).Select(n => Task.Run(() => quotas.ChangeAsync(
            root, id, n % 2 == 0 ? new AccountQuotaChange.Add(1) : new AccountQuotaChange.SetLimit(1_000_000) { Instead = new(1_000) }, _cancellation))));

        // At most one of those who saw 1,000 found it so; all the additions count.
        var set = outcomes.Where((_, n) => n % 2 == 1).OfType<QuotaOutcome.Changed>().ToList();
        Assert.True(set.Count <= 1);
        var account = await app.Services.GetRequiredService<AccountService>().GetAsync(actor, _cancellation);
        Assert.Equal(set.Count == 1 ? 1_000_050 : 1_050, account.TokenLimit);
        Assert.Equal(123, account.UsedTokens);
    }

    [Fact]
    public async Task What_changes_is_recorded_before_and_after_and_what_does_not_is_not()
    {
        await using var app = new NexLlmApp();
        var root = await app.CreateActorAsync(administrator: true);
        var id = (await app.CreateActorAsync(tokenLimit: 5)).AccountId!.Value;
        var quotas = app.Services.GetRequiredService<AccountQuotas>();

        foreach (var change in (AccountQuotaChange[])[
            new AccountQuotaChange.SetLimit(5), new AccountQuotaChange.Add(2), new AccountQuotaChange.Unlimited(), new AccountQuotaChange.Unlimited(), new AccountQuotaChange.SetLimit(9)])
        {
            await quotas.ChangeAsync(root, id, change, _cancellation);
        }

        Assert.Equal(
            [
                (AuditActions.AccountQuotaGranted, """{"tokenLimit":{"before":5,"after":7}}"""),
                (AuditActions.AccountQuotaSet, """{"tokenLimit":{"before":7,"after":null}}"""),
                (AuditActions.AccountQuotaSet, """{"tokenLimit":{"before":null,"after":9}}"""),
            ],
            (await app.AuditAsync()).Select(e => (e.Action, e.Changes)));
        Assert.All(await app.AuditAsync(), e => Assert.Equal((root.AccountId, id), (e.ActorId, e.OwnerId)));
    }

    private static QuotaOutcome.Changed Changed(QuotaOutcome outcome) => Assert.IsType<QuotaOutcome.Changed>(outcome);
}
