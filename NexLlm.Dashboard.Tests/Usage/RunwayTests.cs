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

    [Theory]
    [InlineData(70)]
    [InlineData(0)]
    public void What_is_used_up_runs_out_now_whatever_its_pace(long used) =>
        Assert.Equal(_now, Runway.Of(new TokenQuota(100, 130), used, _week, _now)?.RunsOutAt);

    [Fact]
    public void What_is_added_to_a_quota_lasts_at_the_same_pace() =>
        Assert.Equal(_now.AddDays(170), Runway.Of(new TokenQuota(2_000, 300), used: 70, _week, _now)?.RunsOutAt);

    [Fact]
    public void Without_a_limit_without_use_or_beyond_ten_years_nothing_runs_out()
    {
        Assert.Null(Runway.Of(new TokenQuota(null, 300), used: 70, _week, _now));
        Assert.Null(Runway.Of(new TokenQuota(1_000, 300), used: 0, _week, _now));
        Assert.Null(Runway.Of(new TokenQuota(TokenQuota.MaxTokens, 300), used: 1, _week, _now));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(24)]
    public void A_first_hour_is_no_pace_for_a_week_so_it_counts_as_a_day(int hours) =>
        Assert.Equal(_now.AddDays(3), Runway.Of(new TokenQuota(400, 100), used: 100, TimeSpan.FromHours(hours), _now)?.RunsOutAt);
}
