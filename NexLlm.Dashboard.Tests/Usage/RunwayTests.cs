using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Usage;

namespace NexLlm.Dashboard.Tests.Usage;

public sealed class RunwayTests
{
    private static readonly DateTimeOffset _now = new(2040, 3, 28, 10, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan _week = TimeSpan.FromDays(7);

    [Fact]
    public void What_is_left_lasts_as_long_as_the_pace_of_the_time_before_allows()
    {
        var runway = Runway.Of(new TokenQuota(1_000, 300), used: 70, _week, _now);

        Assert.Equal(new Runway(10, _now.AddDays(70)), runway);
    }

    [Fact]
    public void A_young_key_has_the_pace_of_the_days_that_it_has_seen() =>
        Assert.Equal(_now.AddDays(3), Runway.Of(new TokenQuota(1_000, 400), used: 400, TimeSpan.FromDays(2), _now)?.RunsOutAt);

    [Fact]
    public void What_is_used_up_runs_out_now() =>
        Assert.Equal(_now, Runway.Of(new TokenQuota(100, 130), used: 70, _week, _now)?.RunsOutAt);

    [Fact]
    public void Without_a_limit_without_use_or_beyond_ten_years_nothing_runs_out()
    {
        Assert.Null(Runway.Of(new TokenQuota(null, 300), used: 70, _week, _now));
        Assert.Null(Runway.Of(new TokenQuota(1_000, 300), used: 0, _week, _now));
        Assert.Null(Runway.Of(new TokenQuota(TokenQuota.MaxTokens, 300), used: 1, _week, _now));
    }

    [Fact]
    public void Less_than_a_day_says_nothing_about_a_pace()
    {
        Assert.Null(Runway.Of(new TokenQuota(1_000, 300), used: 70, TimeSpan.FromDays(1) - TimeSpan.FromSeconds(1), _now));
        Assert.NotNull(Runway.Of(new TokenQuota(1_000, 300), used: 70, TimeSpan.FromDays(1), _now));
    }
}
