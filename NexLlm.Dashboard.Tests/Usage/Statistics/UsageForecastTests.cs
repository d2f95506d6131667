using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Profile;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Tests.TestKit;
using NexLlm.Dashboard.Usage.Statistics;

namespace NexLlm.Dashboard.Tests.Usage.Statistics;

public sealed class UsageForecastTests(NexLlmApp app) : IClassFixture<NexLlmApp>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private UsageForecast Forecast => app.Services.GetRequiredService<UsageForecast>();

    [Fact]
    public async Task Keys_and_the_account_are_listed_by_when_they_run_out_the_soonest_first()
    {
        var owner = await app.CreateActorAsync(tokenLimit: 5_000);
        var slow = await KeyAsync(owner, "slow", limit: 1_000);
        var fast = await KeyAsync(owner, "fast", limit: 1_000);
        var unlimited = await KeyAsync(owner, "unlimited", limit: null);
        app.Clock.Advance(TimeSpan.FromDays(10));
        await UseAsync((slow, 350), (fast, 700), (unlimited, 1_000));

        var found = await Forecast.ListAsync(owner, Cancellation);

        Assert.Equal([fast.Id, null, slow.Id], found.Select(r => r.KeyId));
        Assert.Equal(("fast", 300L), (found[0].Name, found[0].Quota.Remaining!.Value));
        Assert.Equal([100.0, 2_050 / 7.0, 50], found.Select(r => r.Runway.TokensPerDay), (a, b) => Math.Abs(a - b) < 2);
        Assert.Equal(new KeyRunway(found[0].Runway, found[1].Runway), await Forecast.OfKeyAsync(owner, fast.Id, Cancellation));
        Assert.Equal(new KeyRunway(null, found[1].Runway), await Forecast.OfKeyAsync(owner, unlimited.Id, Cancellation));
    }

    [Fact]
    public async Task What_lasts_for_more_than_a_month_or_expires_before_is_not_running_out()
    {
        var owner = await app.CreateActorAsync(tokenLimit: null);
        var lasting = await KeyAsync(owner, "lasting", limit: 5_000);
        var expiring = (await app.CreateKeyAsync(
            owner, "expiring", policy => policy with { TokenLimit = 1_000, Expiration = new(app.Clock.GetUtcNow().AddDays(10)) })).Key;
        app.Clock.Advance(TimeSpan.FromDays(8));
        await UseAsync((lasting, 700), (expiring, 700));

        Assert.Empty(await Forecast.ListAsync(owner, Cancellation));
        Assert.Equal(43, ((await Forecast.OfKeyAsync(owner, lasting.Id, Cancellation))!.Key!.Value.RunsOutAt - app.Clock.GetUtcNow()).TotalDays, tolerance: 1);
    }

    [Fact]
    public async Task Use_before_the_last_seven_days_is_no_pace()
    {
        var owner = await app.CreateActorAsync(tokenLimit: null);
        var key = await KeyAsync(owner, "resting", limit: 5_000);
        await UseAsync((key, 700));
        app.Clock.Advance(TimeSpan.FromDays(8));

        Assert.Empty(await Forecast.ListAsync(owner, Cancellation));
        Assert.Equal(new KeyRunway(null, null), await Forecast.OfKeyAsync(owner, key.Id, Cancellation));
    }

    [Fact]
    public async Task What_does_not_work_anyway_does_not_run_out()
    {
        var owner = await app.CreateActorAsync(tokenLimit: null);
        var disabled = await KeyAsync(owner, "disabled", limit: 5_000);
        var deleted = await KeyAsync(owner, "deleted", limit: 5_000);
        var exhausted = await KeyAsync(owner, "exhausted", limit: 700);
        app.Clock.Advance(TimeSpan.FromDays(8));
        await UseAsync((disabled, 700), (deleted, 700), (exhausted, 700));
        await app.Keys.SetEnabledAsync(owner, [disabled.Id], enabled: false, Cancellation);
        await app.Keys.DeleteAsync(owner, [deleted.Id], Cancellation);

        Assert.Empty(await Forecast.ListAsync(owner, Cancellation));
    }

    [Fact]
    public async Task An_owner_sees_the_own_and_an_administrator_all()
    {
        var owner = await app.CreateActorAsync(tokenLimit: null);
        var key = await KeyAsync(owner, "production", limit: 1_001);
        app.Clock.Advance(TimeSpan.FromDays(8));
        await UseAsync((key, 1_000));
        var stranger = await app.CreateActorAsync();
        var administrator = await app.CreateActorAsync(administrator: true);

        var email = (await app.Services.GetRequiredService<AccountService>().GetAsync(owner, Cancellation)).Email;
        Assert.Contains(await Forecast.ListAsync(administrator, Cancellation), r => r.KeyId == key.Id && r.Owner == email);
        Assert.NotNull(await Forecast.OfKeyAsync(administrator, key.Id, Cancellation));
        Assert.Empty(await Forecast.ListAsync(stranger, Cancellation));
        Assert.Null(await Forecast.OfKeyAsync(stranger, key.Id, Cancellation));
    }

    private async Task<KeyDetails> KeyAsync(Actor owner, string name, long? limit) =>
        (await app.CreateKeyAsync(owner, name, policy => policy with { TokenLimit = limit })).Key;

    /// <summary>So many tokens each, an hour ago.</summary>
    private Task UseAsync(params IEnumerable<(KeyDetails Key, long Tokens)> uses) =>
        app.ImportAsync([.. uses.Select(u => TestUsage.Charge(u.Key, app.Clock.GetUtcNow().AddHours(-1), input: u.Tokens, output: 0))]);
}
