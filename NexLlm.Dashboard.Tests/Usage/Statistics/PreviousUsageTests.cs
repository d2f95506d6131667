using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Tests.TestKit;
using NexLlm.Dashboard.Usage.Statistics;

namespace NexLlm.Dashboard.Tests.Usage.Statistics;

/// <summary>The clock stands at noon of 1 March 2040, a Thursday; February has 29 days.</summary>
public sealed class PreviousUsageTests : IAsyncLifetime
{
    private static readonly DateTimeOffset _now = NexLlmApp.Start;

    private readonly NexLlmApp _app = new();
    private Actor _owner = null!;
    private KeyDetails _key = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _owner = await _app.CreateActorAsync();
        _key = (await _app.CreateKeyAsync(_owner, "used")).Key;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Days_are_compared_with_as_many_days_before_up_to_the_same_time()
    {
        await UseAsync(_now, _now.AddDays(-1), _now.AddDays(-2), _now.AddDays(-7).AddHours(-1), _now.AddDays(-8), _now.AddDays(-7).AddHours(3), _now.AddDays(-14));

        var report = await AskAsync(new UsageRange.Last(7));

        Assert.Equal(3, report.Total.Requests);
        // Of the day on which the period before ends only the first half: the other half has not been yet in this one.
        Assert.Equal(2, report.Previous!.Total.Requests);
        Assert.Equal(_now.Date.AddDays(-13), report.Previous.Starts[0].DateTime);
        Assert.Equal([0, 0, 0, 0, 0, 1, 2], report.Previous.Totals.Select(t => t.Requests));
        Assert.Equal(0.5, report.Previous.Change(UsageMeasure.Requests, report.Total));
    }

    [Fact]
    public async Task The_last_24_hours_are_compared_with_those_before()
    {
        await UseAsync(_now, _now.AddHours(-20), _now.AddHours(-26), _now.AddHours(-30), _now.AddHours(-50));

        var report = await AskAsync(new UsageRange.Last(1), UsageStep.Hour);

        Assert.Equal((2, 2, 24), (report.Total.Requests, report.Previous!.Total.Requests, report.Previous.Totals.Count));
    }

    [Fact]
    public async Task A_range_that_is_over_is_compared_with_as_many_whole_days_before_it()
    {
        await UseAsync(_now.AddDays(-10), _now.AddDays(-12), _now.AddDays(-12).AddHours(11), _now.AddDays(-14));

        var (first, final) = (DateOnly.FromDateTime(_now.Date).AddDays(-11), DateOnly.FromDateTime(_now.Date).AddDays(-10));
        var report = await AskAsync(new UsageRange.Between(first, final));

        Assert.Equal((1, 2), (report.Total.Requests, report.Previous!.Total.Requests));
        Assert.Equal(-0.5, report.Previous.Change(UsageMeasure.Requests, report.Total));
    }

    [Fact]
    public async Task A_month_is_compared_with_the_month_before_up_to_the_same_time()
    {
        var february = new DateTimeOffset(2040, 2, 1, 0, 0, 0, TimeSpan.Zero);
        await UseAsync(_now.AddHours(-1), february.AddHours(3), february.AddHours(20), february.AddDays(28).AddHours(23), february.AddHours(-1));

        var current = await AskAsync(new UsageRange.Month(0));
        var last = await AskAsync(new UsageRange.Month(1));

        Assert.Equal((1, 1, 1), (current.Starts.Count, current.Total.Requests, current.Previous!.Total.Requests));
        Assert.Equal((29, 3, 1), (last.Starts.Count, last.Total.Requests, last.Previous!.Total.Requests));
        Assert.Equal(new DateTimeOffset(2040, 3, 1, 0, 0, 0, TimeSpan.Zero), current.Starts[0]);
    }

    [Fact]
    public async Task Months_follow_the_persons_own_calendar()
    {
        // Still February in New York.
        await UseAsync(new DateTimeOffset(2040, 3, 1, 3, 0, 0, TimeSpan.Zero));
        var zone = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");

        var current = await AskAsync(new UsageRange.Month(0), zone: zone);
        var last = await AskAsync(new UsageRange.Month(1), zone: zone);

        Assert.Equal((0, 1), (current.Total.Requests, last.Total.Requests));
    }

    [Fact]
    public async Task Fewer_can_be_told_apart_and_the_others_are_one()
    {
        await _app.ImportAsync([.. Enumerable.Range(1, 7).SelectMany(m => Enumerable.Range(0, m).Select(_ => TestUsage.Charge(_key, _now, $"model-{m}")))]);

        var report = await AskAsync(new UsageRange.Last(7), most: 5);

        Assert.Equal(["model-7", "model-6", "model-5", "model-4", "model-3", null], report.Models.Select(m => m.Name));
        Assert.Equal(3, report.Models[^1].Total.Requests);
        Assert.Equal(6, report.Series.Count);
        Assert.Equal(28, report.Totals[^1].Requests);
        Assert.Equal(report.Total, report.Totals.Aggregate((a, b) => a + b));
    }

    [Fact]
    public async Task Nothing_before_is_no_change_that_could_be_told_and_nothing_is_read_unasked()
    {
        await UseAsync(_now);

        var report = await AskAsync(new UsageRange.Last(7));
        Assert.Null(report.Previous!.Change(UsageMeasure.Charged, report.Total));

        var plain = await _app.Services.GetRequiredService<UsageStatistics>().ForAsync(
            _owner, new UsageQuery(new UsageScope.Own(), new UsageRange.Last(7)), TimeZoneInfo.Utc, Cancellation);
        Assert.Null(plain!.Previous);
    }

    private Task UseAsync(params DateTimeOffset[] times) => _app.ImportAsync([.. times.Select(at => TestUsage.Charge(_key, at))]);

    private async Task<UsageReport> AskAsync(UsageRange range, UsageStep step = UsageStep.Day, int most = UsageReport.MostShares, TimeZoneInfo? zone = null) =>
        (await _app.Services.GetRequiredService<UsageStatistics>().ForAsync(
            _owner, new UsageQuery(new UsageScope.Own(), range, step, Most: most, WithPrevious: true), zone ?? TimeZoneInfo.Utc, Cancellation))!;
}
