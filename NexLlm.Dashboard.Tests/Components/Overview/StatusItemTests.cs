using NexLlm.Dashboard.Accounts.Profile;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Administration;
using NexLlm.Dashboard.Channels.Routing;
using NexLlm.Dashboard.Components.Overview;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Logs;
using NexLlm.Dashboard.Tests.TestKit;
using NexLlm.Dashboard.Usage;
using NexLlm.Dashboard.Usage.Statistics;

namespace NexLlm.Dashboard.Tests.Components.Overview;

public sealed class StatusItemTests
{
    private static readonly DateTimeOffset _now = NexLlmApp.Start;

    [Fact]
    public void All_is_well_only_if_nothing_needs_a_look() =>
        Assert.All(Items(Calm), item => Assert.Equal(StatusSeverity.Ok, item.Severity));

    [Theory]
    [InlineData(0L, 0L, StatusSeverity.Critical)]
    [InlineData(100L, 100L, StatusSeverity.Critical)]
    [InlineData(100L, 90L, StatusSeverity.NeedsAttention)]
    [InlineData(100L, 89L, StatusSeverity.Ok)]
    [InlineData(null, 1_000_000L, StatusSeverity.Ok)]
    public void What_the_account_has_left_weighs_by_how_near_its_end_is(long? limit, long used, StatusSeverity severity) =>
        Assert.Equal(severity, Items(Calm with { Account = Calm.Account with { TokenLimit = limit, UsedTokens = used } }).Single(n => n.Sentence.StartsWith("Your account", StringComparison.Ordinal)).Severity);

    [Theory]
    [InlineData(KeyFilter.QuotaExhausted, "1 key is out of quota.")]
    [InlineData(KeyFilter.ExpiresSoon, "1 key expires within 7 days.")]
    public void A_key_that_stopped_or_soon_will_is_worth_a_look(KeyFilter filter, string sentence)
    {
        var keys = new KeyCounts(new Dictionary<KeyFilter, int> { [KeyFilter.All] = 3, [KeyFilter.Active] = 2, [filter] = 1 });

        var item = Assert.Single(Items(Calm with { Keys = keys }), n => n.Severity is StatusSeverity.NeedsAttention);

        Assert.Equal(sentence, item.Sentence);
        Assert.NotNull(item.Url);
    }

    [Fact]
    public void An_expired_key_did_what_it_was_told()
    {
        var keys = new KeyCounts(new Dictionary<KeyFilter, int> { [KeyFilter.All] = 3, [KeyFilter.Active] = 2, [KeyFilter.Expired] = 1 });

        Assert.Contains(Items(Calm with { Keys = keys }), n => n is { Severity: StatusSeverity.Ok, Sentence: "1 key has expired.", Url: not null });
    }

    [Theory]
    [InlineData(6, StatusSeverity.NeedsAttention, "Your account has 1 million tokens left and runs out in 6 days at the current rate.")]
    [InlineData(20, StatusSeverity.Ok, "Your account has 1 million tokens left and runs out on 21 Mar at the current rate.")]
    public void The_account_is_worth_a_look_when_its_pace_ends_it_within_a_week(int days, StatusSeverity severity, string sentence)
    {
        var item = Items(Calm with { RunningOut = [Ending(accountId: 1, keyId: null, days)] }).Single(n => n.Sentence.StartsWith("Your account", StringComparison.Ordinal));

        Assert.Equal((severity, sentence), (item.Severity, item.Sentence));
    }

    [Fact]
    public void Other_quotas_that_end_within_a_week_are_counted()
    {
        var items = Items(Calm with { RunningOut = [Ending(1, keyId: 7, 2), Ending(2, keyId: null, 6), Ending(1, keyId: 8, 9)] });

        Assert.Equal("2 quotas will run out within 7 days at the current rate.", Assert.Single(items, n => n.Severity is StatusSeverity.NeedsAttention).Sentence);
    }

    [Fact]
    public void What_ends_is_listed_by_when_whatever_ends_it()
    {
        var endings = OverviewEnding.Of(Calm with { RunningOut = [Ending(1, keyId: null, 2), Ending(2, keyId: 7, 6)] });

        Assert.Equal(["account", "keys/7"], endings.Select(e => e.Url));
        Assert.Equal([null, "grace@example.com"], endings.Select(e => e.Owner));
    }

    [Fact]
    public void Who_has_no_key_yet_is_told_how_to_begin_by_the_page_and_an_administrator_need_not_have_one()
    {
        var none = Calm with { Keys = new KeyCounts(new Dictionary<KeyFilter, int>()) };

        Assert.Contains(Items(none), n => n is { Severity: StatusSeverity.Ok, Sentence: "You don't have any API keys yet." });
        Assert.False(none.IsNewcomer);
        Assert.DoesNotContain(Items(none with { System = null }), n => n.Sentence.Contains("API keys", StringComparison.Ordinal));
        Assert.True((none with { System = null }).IsNewcomer);
        Assert.False((Calm with { System = null }).IsNewcomer);
    }

    [Fact]
    public void Refusals_are_added_up()
    {
        var item = Assert.Single(Items(Calm with { Refusals = [new("key_expired", 1_200), new("model_not_found", 34)] }), n => n.Severity is StatusSeverity.NeedsAttention);

        Assert.Equal("1,234 requests were rejected in the last 24 hours.", item.Sentence);
    }

    [Fact]
    public void A_channel_that_rests_a_database_that_takes_nothing_and_an_old_backup_come_before_what_is_fine()
    {
        var items = Items(Calm with
        {
            System = new SystemFacts([Channel("main", CircuitPhase.Open), Channel("spare", CircuitPhase.Closed)], CanRecord: false, _now.AddDays(-8), AllDone),
        });

        Assert.Equal([StatusSeverity.Critical, StatusSeverity.Critical, StatusSeverity.NeedsAttention], items.Take(3).Select(n => n.Severity));
        Assert.Contains(items, n => n.Sentence == "Channel main is paused after repeated failures.");
        Assert.Contains(items, n => n.Sentence == "1 channel healthy");
        Assert.Contains(items, n => n.Sentence.StartsWith("Last backup: ", StringComparison.Ordinal) && n.Severity is StatusSeverity.NeedsAttention);
    }

    [Fact]
    public void Without_a_backup_or_a_channel_it_says_so()
    {
        var items = Items(Calm with { System = new SystemFacts([], CanRecord: true, LastBackup: null, AllDone) });

        Assert.Contains(items, n => n is { Severity: StatusSeverity.Critical } && n.Sentence.StartsWith("No channels are enabled", StringComparison.Ordinal));
        Assert.Contains(items, n => n is { Severity: StatusSeverity.NeedsAttention } && n.Sentence.StartsWith("No backup yet", StringComparison.Ordinal));
    }

    private static OverviewFacts Calm => new(
        new UsageScope.Everybody(),
        new AccountOverview(1, "ada@example.com", IsAdministrator: true, TokenLimit: 1_000_000, UsedTokens: 0, HasPassword: true),
        new KeyCounts(new Dictionary<KeyFilter, int> { [KeyFilter.All] = 2, [KeyFilter.Active] = 2 }),
        QuietDay, [], [], [],
        new SystemFacts([Channel("main", CircuitPhase.Closed)], CanRecord: true, _now.AddDays(-1), AllDone));

    private static DayFigures QuietDay => new([_now], [default], default, new PreviousUsage([_now.AddDays(-1)], [default], default), [0], 0, 0, [null], null);

    private static FirstStepsProgress AllDone => new(true, true, true, true, true, IsDismissed: false);

    private static RunningOut Ending(long accountId, long? keyId, int days) =>
        new(accountId, keyId, "its-name", "grace@example.com", new(1_000, 500), new(100, _now.AddDays(days)));

    private static ChannelDetails Channel(string name, CircuitPhase phase) => new(
        1, name, ChannelType.OpenAI, "http://localhost/v1", HasProviderKey: true, IsEnabled: true, Provenance.Dashboard, 0, 1, [], [], [], 1,
        new ChannelHealth(phase, phase is CircuitPhase.Open ? _now.AddSeconds(5) : null, 10, 0), IsKeyLost: false);

    private static IReadOnlyList<StatusItem> Items(OverviewFacts facts) =>
        StatusItem.Of(facts, new UserClock(new CurrentUser(null!) { }, new Microsoft.Extensions.Time.Testing.FakeTimeProvider(_now)));
}
