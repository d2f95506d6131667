using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Keys;

public sealed class EditKeyTests(NexLlmApp app) : IClassFixture<NexLlmApp>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_second_of_two_editors_is_told_and_overwrites_nothing()
    {
        var actor = await app.CreateActorAsync();
        var key = (await app.CreateKeyAsync(actor, "both-edit")).Key;

        Assert.IsType<EditOutcome.Saved>(await app.Keys.EditAsync(actor, new EditKey(key.Id, key.Version, Name: "first"), Cancellation));
        var second = await app.Keys.EditAsync(actor, new EditKey(key.Id, key.Version, Name: "second"), Cancellation);

        Assert.Equal("first", Assert.IsType<EditOutcome.Conflict>(second).Current.Name);
        Assert.Equal("first", (await app.Keys.FindAsync(actor, key.Id, Cancellation))!.Name);
    }

    [Fact]
    public async Task Of_fifty_edits_at_once_of_one_version_one_is_saved()
    {
        var actor = await app.CreateActorAsync();
        var key = (await app.CreateKeyAsync(actor, "race")).Key;

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(i =>
            app.Keys.EditAsync(actor, new EditKey(key.Id, key.Version, Name: $"race-{i}"), Cancellation)));

        Assert.Single(outcomes.OfType<EditOutcome.Saved>());
        Assert.Equal(49, outcomes.OfType<EditOutcome.Conflict>().Count());
    }

    [Fact]
    public async Task An_edit_keeps_what_it_does_not_name()
    {
        var actor = await app.CreateActorAsync();
        var expires = new Expiration(app.Clock.GetUtcNow().AddHours(5).AddMilliseconds(7));
        var key = (await app.CreateKeyAsync(actor, "untouched", policy => policy with
        {
            Expiration = expires,
            TokenLimit = 500,
            Models = ModelRestriction.Only(["nexllm-echo"]),
        })).Key;

        var saved = Assert.IsType<EditOutcome.Saved>(await app.Keys.EditAsync(actor, new EditKey(key.Id, key.Version, Name: "renamed"), Cancellation));

        Assert.Equal(key.Policy, saved.Key.Policy);
        Assert.Equal(expires.At, saved.Key.Policy.Expiration.At);
        Assert.Equal("renamed", saved.Key.Name);
    }

    [Fact]
    public async Task An_expired_key_can_be_renamed_without_touching_its_expiration()
    {
        var actor = await app.CreateActorAsync();
        var key = (await app.CreateKeyAsync(actor, "past", policy => policy with { Expiration = new(app.Clock.GetUtcNow().AddMinutes(1)) })).Key;
        app.Clock.Advance(TimeSpan.FromMinutes(2));

        Assert.IsType<EditOutcome.Saved>(await app.Keys.EditAsync(actor, new EditKey(key.Id, key.Version, Name: "past-2"), Cancellation));
    }

    [Theory]
    [InlineData(1_000L, 400L, "add 500", 1_500L)]
    [InlineData(1_000L, 400L, "set 300", 300L)]
    [InlineData(1_000L, 400L, "unlimited", null)]
    [InlineData(null, 400L, "remaining 100", 500L)]
    [InlineData(1_000L, 400L, "remaining 100", 500L)]
    public async Task A_quota_change_counts_from_what_is_used_when_it_is_saved(long? limit, long used, string change, long? expected)
    {
        var actor = await app.CreateActorAsync();
        var key = (await app.CreateKeyAsync(actor, $"quota {limit} {change}", policy => policy with { TokenLimit = limit })).Key;
        await app.UseKeyAsync(key.Id, used);

        var saved = Assert.IsType<EditOutcome.Saved>(
            await app.Keys.EditAsync(actor, new EditKey(key.Id, key.Version, Quota: Change(change)), Cancellation));

        Assert.Equal(new TokenQuota(expected, used), saved.Key.Quota);
    }

    [Theory]
    [InlineData(null, "add 5")]
    [InlineData(1L, "add 0")]
    [InlineData(1L, "set -1")]
    [InlineData(TokenQuota.MaxTokens, "add 1")]
    [InlineData(TokenQuota.MaxTokens, "add 1000000000000000")]
    public async Task A_quota_change_that_makes_no_sense_is_refused_in_words(long? limit, string change)
    {
        var actor = await app.CreateActorAsync();
        var key = (await app.CreateKeyAsync(actor, $"odd {limit} {change}", policy => policy with { TokenLimit = limit })).Key;

        var refused = Assert.IsType<EditOutcome.Refused>(
            await app.Keys.EditAsync(actor, new EditKey(key.Id, key.Version, Quota: Change(change)), Cancellation));

        Assert.Equal(KeyOption.RemainingQuota, Assert.Single(refused.Errors).Option);
    }

    [Fact]
    public async Task A_raised_quota_and_a_later_date_revive_a_key_at_once()
    {
        var actor = await app.CreateActorAsync();
        var key = (await app.CreateKeyAsync(actor, "revived", policy => policy with
        {
            TokenLimit = 10,
            Expiration = new(app.Clock.GetUtcNow().AddHours(1)),
        })).Key;
        await app.UseKeyAsync(key.Id, 10);
        Assert.Equal(KeyStatus.QuotaExhausted, (await app.Keys.FindAsync(actor, key.Id, Cancellation))!.StatusAt(app.Clock.GetUtcNow()));
        app.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(KeyStatus.Expired, (await app.Keys.FindAsync(actor, key.Id, Cancellation))!.StatusAt(app.Clock.GetUtcNow()));

        var saved = Assert.IsType<EditOutcome.Saved>(await app.Keys.EditAsync(
            actor, new EditKey(key.Id, key.Version, Expiration: Expiration.Never, Quota: new QuotaChange.Add(1)), Cancellation));

        Assert.Equal(KeyStatus.Active, saved.Key.StatusAt(app.Clock.GetUtcNow()));
    }

    [Fact]
    public async Task Use_between_reading_and_saving_is_no_conflict_and_is_not_overwritten()
    {
        var actor = await app.CreateActorAsync();
        var key = (await app.CreateKeyAsync(actor, "busy", policy => policy with { TokenLimit = 1_000 })).Key;
        for (var round = 0; round < 200; round++)
        {
            await Task.WhenAll(
                app.UseKeyAsync(key.Id, 1),
                Task.Run(async () =>
                {
                    var current = (await app.Keys.FindAsync(actor, key.Id, Cancellation))!;
                    var edit = new EditKey(key.Id, current.Version, Name: $"busy-{round}", Quota: new QuotaChange.Add(1));
                    Assert.IsType<EditOutcome.Saved>(await app.Keys.EditAsync(actor, edit, Cancellation));
                }, Cancellation));
        }

        Assert.Equal(new TokenQuota(1_200, 200), (await app.Keys.FindAsync(actor, key.Id, Cancellation))!.Quota);
    }

    [Fact]
    public async Task An_edit_is_audited_with_what_changed_and_nothing_else()
    {
        var actor = await app.CreateActorAsync();
        var key = (await app.CreateKeyAsync(actor, "before")).Key;
        await app.Keys.EditAsync(actor, new EditKey(key.Id, key.Version, Name: "after", Quota: new QuotaChange.SetLimit(9)), Cancellation);

        var edited = Assert.Single(await app.AuditAsync(key.Id), e => e.Action == AuditActions.KeyEdited);
        Assert.Equal("""{"name":{"before":"before","after":"after"},"tokenLimit":{"before":null,"after":9}}""", edited.Changes);
    }

    private static QuotaChange Change(string text) => text.Split(' ') switch
    {
        ["add", var n] => new QuotaChange.Add(long.Parse(n, null)),
        ["set", var n] => new QuotaChange.SetLimit(long.Parse(n, null)),
        ["remaining", var n] => new QuotaChange.SetRemaining(long.Parse(n, null)),
        _ => new QuotaChange.Unlimited(),
    };
}
