using Microsoft.Extensions.DependencyInjection;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Logs;
using NexLlm.Dashboard.Tests.TestKit;
using NexLlm.Dashboard.Usage.Statistics;

namespace NexLlm.Dashboard.Tests.Logs;

/// <summary>The clock stands at 12:00 UTC, so the present hour is the last of 24.</summary>
public sealed class LastDayStatisticsTests : IAsyncLifetime
{
    private readonly NexLlmApp _app = new();
    private Actor _owner = null!;
    private long _key;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _owner = await _app.CreateActorAsync();
        var key = (await _app.CreateKeyAsync(_owner, "used")).Key;
        _key = key.Id;
        var now = NexLlmApp.Start;
        await _app.ImportAsync(
            TestUsage.Charge(key, now), TestUsage.Charge(key, now.AddHours(-3)), TestUsage.Charge(key, now.AddHours(-3)), TestUsage.Charge(key, now.AddHours(-25)),
            // The hour that is over in the day before and not yet in this one.
            TestUsage.Charge(key, now.AddHours(-23.5)));
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Each_hour_has_its_requests_refusals_and_median()
    {
        foreach (var first in new[] { 100, 900, 300 })
        {
            AddAnswer(TimeSpan.FromHours(3), first);
        }

        AddAnswer(TimeSpan.Zero, 50);
        Refuse(TimeSpan.FromHours(2), _owner);
        Refuse(TimeSpan.FromHours(2), _owner);
        Refuse(TimeSpan.FromHours(26), _owner);
        await _app.LogWriter.FlushAsync();

        var day = await ReadAsync(_owner, new UsageScope.Own());

        Assert.Equal(24, day.Starts.Count);
        Assert.All(new[] { day.Used.Count, day.Rejected.Count, day.FirstByte.Count }, count => Assert.Equal(24, count));
        Assert.Equal((3, 1, 2), (day.Total.Requests, day.Used[^1].Requests, day.Used[^4].Requests));
        Assert.Equal((2, 2, 1), (day.Rejected[^3], day.RejectedTotal, day.RejectedBefore));
        Assert.Equal([TimeSpan.FromMilliseconds(300), null, null, TimeSpan.FromMilliseconds(50)], day.FirstByte.TakeLast(4));
        Assert.Equal(TimeSpan.FromMilliseconds(100), day.MedianFirstByte);
        Assert.Equal(1, day.Previous.Total.Requests);
    }

    [Fact]
    public async Task An_administrator_sees_everybodys_or_the_own_and_nobody_else_everybodys()
    {
        Refuse(TimeSpan.FromHours(2), _owner);
        await _app.LogWriter.FlushAsync();
        var admin = await _app.CreateActorAsync(administrator: true);

        var everybody = await ReadAsync(admin, new UsageScope.Everybody());
        var own = await ReadAsync(admin, new UsageScope.Own());

        Assert.Equal((3, 1), (everybody.Total.Requests, everybody.RejectedTotal));
        Assert.Equal((0, 0), (own.Total.Requests, own.RejectedTotal));
        await Assert.ThrowsAsync<AccessDeniedException>(() => ReadAsync(_owner, new UsageScope.Everybody()));
    }

    private Task<DayFigures> ReadAsync(Actor actor, UsageScope scope) => _app.Services.GetRequiredService<LastDayStatistics>().ReadAsync(actor, scope, TimeZoneInfo.Utc, Cancellation);

    private void AddAnswer(TimeSpan ago, int firstByte) => _app.AddLine(ago, line => line with
    {
        AccountId = _owner.AccountId,
        KeyId = _key,
        FirstByte = TimeSpan.FromMilliseconds(firstByte),
        Duration = TimeSpan.FromMilliseconds(firstByte + 100),
    });

    private void Refuse(TimeSpan ago, Actor actor) => _app.AddLine(ago, line => line with { AccountId = actor.AccountId, KeyId = _key, Status = 401, Code = "key_expired" });
}
