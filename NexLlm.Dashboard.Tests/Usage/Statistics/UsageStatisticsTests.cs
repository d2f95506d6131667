using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Tests.TestKit;
using NexLlm.Dashboard.Usage;
using NexLlm.Dashboard.Usage.Statistics;

namespace NexLlm.Dashboard.Tests.Usage.Statistics;

/// <summary>Everything that is answered is compared with the sums of the charges, which stand beside it in a list.</summary>
public sealed class UsageStatisticsTests(UsageStatisticsTests.Ledger ledger, UsageStatisticsTests.AutumnLedger autumn)
    : IClassFixture<UsageStatisticsTests.Ledger>, IClassFixture<UsageStatisticsTests.AutumnLedger>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Zones =>
        ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Kathmandu", "America/St_Johns", "Pacific/Chatham", "Australia/Lord_Howe"];

    [Theory]
    [MemberData(nameof(Zones))]
    public Task Every_hour_and_day_of_every_series_is_what_its_charges_add_up_to(string id) => CompareAllAsync(ledger, id);

    [Theory]
    [MemberData(nameof(Zones))]
    public Task And_so_it_is_when_the_clocks_change_the_other_way(string id) => CompareAllAsync(autumn, id);

    [Fact]
    public async Task After_the_charges_are_pruned_the_answers_are_the_same()
    {
        await using var other = new Ledger { KeepsCharges = TimeSpan.FromHours(1) };
        await other.InitializeAsync();
        // Only what is older than a request of now is pruned.
        await other.App.Reserve(await other.App.LiveAsync(await other.App.CreateKeyAsync(other.Owner, "live")), 10, 10).SettleAsync(3, 4);
        await other.App.FlushAsync();
        var question = new UsageQuery(new UsageScope.Everybody(), new UsageRange.Last(29), UsageStep.Hour, UsageGrouping.Key);
        var before = await other.AskAsync(other.Administrator, question, TimeZoneInfo.Utc);

        await other.App.Services.GetRequiredService<ChargePruning>().PruneAsync(Cancellation);

        Assert.DoesNotContain(await other.App.ChargesAsync(other.Keys[0].Id), c => c.SettledAt < other.Now.AddHours(-2));
        var after = await other.AskAsync(other.Administrator, question, TimeZoneInfo.Utc);
        Assert.Equal(Sum(other.Charges.Where(c => c.SettledAt >= after!.Starts[0])) + new UsageFigures(1, 3, 4, 7), after!.Total);
        Assert.Equal(before!.Series.SelectMany(s => s.Figures), after.Series.SelectMany(s => s.Figures));
        await other.App.VerifyAsync();
    }

    [Fact]
    public async Task What_was_just_settled_counts_with_the_next_flush()
    {
        await using var app = new NexLlmApp();
        var owner = await app.CreateActorAsync();
        var key = await app.LiveAsync(await app.CreateKeyAsync(owner, "production"));
        await app.Reserve(key, 10, 10).SettleAsync(3, 4);
        await app.FlushAsync();

        var report = await app.Services.GetRequiredService<UsageStatistics>().ForAsync(
            owner, new UsageQuery(new UsageScope.Own(), new UsageRange.Last(1), UsageStep.Hour), TimeZoneInfo.Utc, Cancellation);

        Assert.Equal(new UsageFigures(1, 3, 4, 7), report!.Total);
        Assert.Equal(new UsageFigures(1, 3, 4, 7), report.Series.Single().Figures[^1]);
    }

    [Fact]
    public async Task The_average_is_over_the_time_that_is_over()
    {
        var report = await ledger.AskAsync(ledger.Administrator, new(new UsageScope.Everybody(), new UsageRange.Last(7)), TimeZoneInfo.Utc);

        var minutes = (ledger.App.Clock.GetUtcNow() - report!.Starts[0]).TotalMinutes;
        Assert.Equal(report.Total.Requests / minutes, report.RequestsPerMinute, tolerance: 1e-9);
        Assert.Equal((report.Total.InputTokens + report.Total.OutputTokens) / minutes, report.TokensPerMinute, tolerance: 1e-9);
    }

    [Fact]
    public async Task Of_a_time_to_come_nothing_is_counted_and_nothing_averaged()
    {
        var day = DateOnly.FromDateTime(ledger.Now.UtcDateTime).AddDays(3);

        var report = await ledger.AskAsync(ledger.Administrator, new(new UsageScope.Everybody(), new UsageRange.Between(day, day)), TimeZoneInfo.Utc);

        Assert.Equal((default, TimeSpan.Zero, 0.0), (report!.Total, report.Elapsed, report.RequestsPerMinute));
        Assert.Empty(report.Series);
    }

    [Fact]
    public async Task A_deleted_key_still_counts_and_is_called_by_its_name()
    {
        await using var app = new NexLlmApp();
        var owner = await app.CreateActorAsync();
        var key = (await app.CreateKeyAsync(owner, "gone")).Key;
        await app.ImportAsync(TestUsage.Charge(key, app.Clock.GetUtcNow().AddHours(-2)));
        await app.Keys.DeleteAsync(owner, [key.Id], Cancellation);
        app.Clock.Advance(TimeSpan.FromHours(25));
        await app.Services.GetRequiredService<DeletedKeyPurge>().PurgeAsync(Cancellation);

        var report = await app.Services.GetRequiredService<UsageStatistics>().ForAsync(
            owner, new UsageQuery(new UsageScope.Own(), new UsageRange.Last(7)), TimeZoneInfo.Utc, Cancellation);

        Assert.Equal(new UsageShare("gone", new UsageFigures(1, 10, 5, 15), key.Id, IsDeleted: true), Assert.Single(report!.Keys));
    }

    [Fact]
    public async Task Only_administrators_ask_about_others_and_to_others_their_keys_do_not_exist()
    {
        var theirs = ledger.Keys.First(k => k.OwnerId != ledger.Owner.AccountId);
        foreach (var scope in (UsageScope[])[new UsageScope.Everybody(), new UsageScope.OfAccount(theirs.OwnerId)])
        {
            await Assert.ThrowsAsync<AccessDeniedException>(() => ledger.AskAsync(ledger.Owner, new(scope, new UsageRange.Last(7)), TimeZoneInfo.Utc));
        }

        Assert.Null(await ledger.AskAsync(ledger.Owner, new(new UsageScope.OfKey(theirs.Id), new UsageRange.Last(7)), TimeZoneInfo.Utc));
        Assert.NotNull(await ledger.AskAsync(ledger.Administrator, new(new UsageScope.OfKey(theirs.Id), new UsageRange.Last(7)), TimeZoneInfo.Utc));
        Assert.Null(await ledger.AskAsync(ledger.Administrator, new(new UsageScope.OfAccount(987_654), new UsageRange.Last(7)), TimeZoneInfo.Utc));
    }

    private static async Task CompareAllAsync(Ledger ledger, string id)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(id);
        var today = DateOnly.FromDateTime(ledger.Now.UtcDateTime);
        (UsageRange, UsageStep, UsageGrouping)[] questions =
        [
            (new UsageRange.Last(1), UsageStep.Hour, UsageGrouping.Key),
            (new UsageRange.Last(7), UsageStep.Day, UsageGrouping.Key),
            (new UsageRange.Last(29), UsageStep.Day, UsageGrouping.Model),
            (new UsageRange.Last(29), UsageStep.Hour, UsageGrouping.Model),
            (new UsageRange.Between(today.AddDays(-31), today.AddDays(2)), UsageStep.Hour, UsageGrouping.Key),
        ];
        foreach (var (range, step, grouping) in questions)
        {
            foreach (var (actor, scope, mine) in ledger.Scopes())
            {
                await CompareAsync(ledger, actor, new UsageQuery(scope, range, step, grouping), zone, mine);
            }
        }
    }

    private static async Task CompareAsync(Ledger ledger, Actor actor, UsageQuery question, TimeZoneInfo zone, Func<Charge, bool> mine)
    {
        var report = (await ledger.AskAsync(actor, question, zone))!;
        var charges = ledger.Charges.Where(c => mine(c) && c.SettledAt >= report.Starts[0] && c.SettledAt < report.End).ToList();
        var byKey = question.Grouping is UsageGrouping.Key && question.Scope is not UsageScope.OfKey;
        string Name(Charge charge) => byKey ? ledger.Keys.Single(k => k.Id == charge.KeyId).Name : charge.Model;

        var largest = charges.GroupBy(Name).OrderByDescending(g => g.Sum(c => c.ChargedTokens)).Take(UsageReport.MostShares).Select(g => g.Key).ToList();
        Assert.Equal(largest, report.Series.Select(s => s.Of.Name).OfType<string>());
        foreach (var series in report.Series)
        {
            var its = charges.Where(c => series.Of.Name is { } name ? Name(c) == name : !largest.Contains(Name(c)))
                .GroupBy(c => Place(c.SettledAt!.Value, question.Step, zone)).ToDictionary(g => g.Key, Sum);
            var told = report.Starts.Zip(series.Figures).Where(f => f.Second != default).ToDictionary(f => Place(f.First, question.Step, zone), f => f.Second);
            Assert.Equal(its, told);
            Assert.Equal(Sum(charges.Where(c => series.Of.Name is { } name ? Name(c) == name : !largest.Contains(Name(c)))), series.Of.Total);
        }

        Assert.Equal(Sum(charges), report.Total);
        Assert.Equal(report.Total, report.Models.Aggregate(default(UsageFigures), (sum, share) => sum + share.Total));
        if (question.Scope is not UsageScope.OfKey)
        {
            Assert.Equal(report.Total, report.Keys.Aggregate(default(UsageFigures), (sum, share) => sum + share.Total));
        }
    }

    /// <summary>The day on the person's calendar, or when the minute hand of the person's clock was at the top, found without the timeline.</summary>
    private static DateTimeOffset Place(DateTimeOffset at, UsageStep step, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(at, zone);
        return step is UsageStep.Day
            ? new DateTimeOffset(local.Date, TimeSpan.Zero)
            : (at - TimeSpan.FromTicks(local.TimeOfDay.Ticks % TimeSpan.TicksPerHour)).ToUniversalTime();
    }

    private static UsageFigures Sum(IEnumerable<Charge> charges) =>
        charges.Aggregate(default(UsageFigures), (sum, c) => sum + new UsageFigures(1, c.InputTokens, c.OutputTokens, c.ChargedTokens));

    /// <summary>A month of many people's use: more keys and models than are told apart, and clocks that changed on the way.</summary>
    public class Ledger : IAsyncLifetime
    {
        public virtual DateTimeOffset Now => new(2040, 4, 2, 10, 20, 0, TimeSpan.Zero);

        public NexLlmApp App { get; private set; } = default!;

        public TimeSpan KeepsCharges { get; init; } = TimeSpan.FromDays(90);

        public Actor Owner { get; private set; } = default!;

        public Actor Administrator { get; private set; } = default!;

        public List<KeyDetails> Keys { get; } = [];

        public IReadOnlyList<Charge> Charges { get; private set; } = [];

        public async ValueTask InitializeAsync()
        {
            App = new NexLlmApp { Settings = { ["Usage:KeepCharges"] = KeepsCharges.ToString() } };
            App.Clock.SetUtcNow(Now);
            Owner = await App.CreateActorAsync(tokenLimit: null);
            Administrator = await App.CreateActorAsync(administrator: true);
            for (var i = 0; i < 14; i++)
            {
                Keys.Add((await App.CreateKeyAsync(i % 5 == 4 ? Administrator : Owner, $"key-{i}")).Key);
            }

            var random = new Random(7);
            Charges =
            [
                .. Enumerable.Range(0, 3_000).Select(_ => TestUsage.Charge(
                    Keys[random.Next(Keys.Count)],
                    Now - TimeSpan.FromMilliseconds(random.NextInt64(0, (long)TimeSpan.FromDays(31).TotalMilliseconds)),
                    $"model-{random.Next(11)}",
                    random.Next(1, 5_000),
                    random.Next(0, 900))),
            ];
            await App.ImportAsync(Charges);
            await App.VerifyAsync();
        }

        public IEnumerable<(Actor Actor, UsageScope Scope, Func<Charge, bool> Mine)> Scopes()
        {
            yield return (Owner, new UsageScope.Own(), c => c.AccountId == Owner.AccountId);
            yield return (Administrator, new UsageScope.OfAccount(Owner.AccountId!.Value), c => c.AccountId == Owner.AccountId);
            yield return (Administrator, new UsageScope.Everybody(), _ => true);
            yield return (Owner, new UsageScope.OfKey(Keys[0].Id), c => c.KeyId == Keys[0].Id);
        }

        public Task<UsageReport?> AskAsync(Actor actor, UsageQuery question, TimeZoneInfo zone) =>
            App.Services.GetRequiredService<UsageStatistics>().ForAsync(actor, question, zone, Cancellation);

        public async ValueTask DisposeAsync()
        {
            await App.DisposeAsync();
            GC.SuppressFinalize(this);
        }
    }

    /// <summary>Clocks went back in Europe and America, and forward in Australia.</summary>
    public sealed class AutumnLedger : Ledger
    {
        public override DateTimeOffset Now => new(2040, 11, 6, 10, 20, 0, TimeSpan.Zero);
    }
}
