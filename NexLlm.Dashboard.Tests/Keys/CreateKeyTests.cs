using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Tests.Accounts;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Keys;

public sealed class CreateKeyTests(NexLlmApp app) : IClassFixture<NexLlmApp>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_created_key_holds_its_whole_policy_and_only_the_hash_of_its_secret()
    {
        var actor = await app.CreateActorAsync();
        Assert.True(IpAllowlist.TryParse("203.0.113.7\n198.51.100.0/24", out var ips, out _));
        var expires = new Expiration(app.Clock.GetUtcNow().AddDays(30));

        var created = await app.CreateKeyAsync(actor, "  production-app ", policy => policy with
        {
            Expiration = expires,
            TokenLimit = 1_000_000,
            Models = ModelRestriction.Only(["nexllm-echo"]),
            Ips = ips,
        });

        var key = await app.Keys.FindAsync(actor, created.Key.Id, Cancellation);
        Assert.NotNull(key);
        Assert.Equal("production-app", key.Name);
        Assert.Equal(created.Secret.DisplayForm, key.DisplayForm);
        Assert.Equal(expires, key.Policy.Expiration);
        Assert.Equal(new TokenQuota(1_000_000, 0), key.Quota);
        Assert.Equal(["nexllm-echo"], key.Policy.Models.Models);
        Assert.Equal(ips, key.Policy.Ips);
        Assert.Equal(ChannelGroup.DefaultName, key.GroupName);

        await using var db = await app.Contexts.CreateDbContextAsync(Cancellation);
        var stored = await db.Set<ApiKey>().SingleAsync(k => k.Id == key.Id, Cancellation);
        Assert.Equal(created.Secret.Hash, stored.SecretHash);
        Assert.DoesNotContain(created.Secret.Reveal(), await app.StoredTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asking_fifty_times_at_once_with_one_request_makes_one_key()
    {
        var actor = await app.CreateActorAsync();
        var request = new CreateKey(Guid.NewGuid(), "once", KeyPolicy.Unrestricted(await app.DefaultGroupAsync()));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => app.Keys.CreateAsync(actor, request, Cancellation)));

        var created = Assert.Single(outcomes.OfType<CreateOutcome.Created>());
        Assert.All(outcomes.OfType<CreateOutcome.AlreadyCreated>(), again => Assert.Equal(created.Key.Id, again.Key.Id));
        Assert.Equal(49, outcomes.OfType<CreateOutcome.AlreadyCreated>().Count());
        Assert.Equal(1, (await app.Keys.CountAsync(actor, null, Cancellation))[KeyFilter.All]);
    }

    [Fact]
    public async Task Two_accounts_may_use_the_same_request_id_and_the_same_name()
    {
        var request = new CreateKey(Guid.NewGuid(), "shared", KeyPolicy.Unrestricted(await app.DefaultGroupAsync()));

        Assert.IsType<CreateOutcome.Created>(await app.Keys.CreateAsync(await app.CreateActorAsync(), request, Cancellation));
        Assert.IsType<CreateOutcome.Created>(await app.Keys.CreateAsync(await app.CreateActorAsync(), request, Cancellation));
    }

    [Theory]
    [InlineData("taken")]
    [InlineData(" TAKEN ")]
    public async Task A_name_is_unique_among_live_keys_whatever_its_case(string second)
    {
        var actor = await app.CreateActorAsync();
        var first = await app.CreateKeyAsync(actor, "taken");

        Assert.False(await app.Keys.IsNameFreeAsync(actor, second.Trim(), Cancellation));
        Assert.Equal(KeyOption.Name, Assert.Single(await RefusalAsync(actor, second)).Option);

        await app.Keys.DeleteAsync(actor, [first.Key.Id], Cancellation);
        await app.CreateKeyAsync(actor, second);
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_told_at_once()
    {
        var actor = await app.CreateActorAsync();
        var errors = await RefusalAsync(actor, "   ", policy => policy with
        {
            Expiration = new Expiration(app.Clock.GetUtcNow()),
            TokenLimit = 0,
            Models = ModelRestriction.Only(["nobody-serves-this"]),
        });

        Assert.Equal(
            [KeyOption.Name, KeyOption.Expiration, KeyOption.RemainingQuota, KeyOption.ModelRestrictions], errors.Select(e => e.Option));
        Assert.Contains("nobody-serves-this", errors[^1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_that_does_not_exist_is_refused()
    {
        var errors = await RefusalAsync(await app.CreateActorAsync(), "lost", policy => policy with { GroupId = 4_711 });
        Assert.Equal(KeyOption.Group, Assert.Single(errors).Option);
    }

    [Fact]
    public async Task An_account_has_no_more_live_keys_than_the_setting_allows()
    {
        await using var small = new NexLlmApp { Settings = { ["Keys:MaxPerAccount"] = "2" } };
        var actor = await small.CreateActorAsync();
        var first = await small.CreateKeyAsync(actor, "one");
        await small.CreateKeyAsync(actor, "two");
        var third = new CreateKey(Guid.NewGuid(), "three", KeyPolicy.Unrestricted(await small.DefaultGroupAsync()));

        var refused = Assert.IsType<CreateOutcome.Refused>(await small.Keys.CreateAsync(actor, third, Cancellation));
        Assert.Contains("2 keys", Assert.Single(refused.Errors).Message, StringComparison.Ordinal);

        await small.Keys.DeleteAsync(actor, [first.Key.Id], Cancellation);
        Assert.IsType<CreateOutcome.Created>(await small.Keys.CreateAsync(actor, third, Cancellation));
        var undone = await small.Keys.RestoreAsync(actor, [first.Key.Id], Cancellation);
        Assert.Equal((0, 1), (undone.Restored.Count, undone.OverLimit));
    }

    [Fact]
    public async Task A_creation_is_audited_with_the_policy_and_without_the_secret()
    {
        var actor = await app.CreateActorAsync();
        var created = await app.CreateKeyAsync(actor, "quoted \"name\"", policy => policy with { TokenLimit = 5 });

        var audited = Assert.Single(await app.AuditAsync(created.Key.Id));
        Assert.Equal((AuditActions.KeyCreated, actor.AccountId, actor.AccountId), (audited.Action, audited.ActorId, audited.OwnerId));
        Assert.Equal(actor.Address!.ToString(), audited.Address);
        Assert.Contains("\"tokenLimit\":{\"before\":null,\"after\":5}", audited.Changes, StringComparison.Ordinal);
        Assert.DoesNotContain(created.Secret.Reveal(), audited.Changes, StringComparison.Ordinal);
    }

    private async Task<IReadOnlyList<FieldError>> RefusalAsync(Actor actor, string name, Func<KeyPolicy, KeyPolicy>? restrict = null)
    {
        var policy = KeyPolicy.Unrestricted(await app.DefaultGroupAsync());
        var request = new CreateKey(Guid.NewGuid(), name, restrict?.Invoke(policy) ?? policy);
        return Assert.IsType<CreateOutcome.Refused>(await app.Keys.CreateAsync(actor, request, Cancellation)).Errors;
    }
}
