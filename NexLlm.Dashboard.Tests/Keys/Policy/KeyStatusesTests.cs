using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Tests.Keys.Policy;

public sealed class KeyStatusesTests
{
    private static readonly DateTimeOffset _now = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(true, 1, 0, KeyStatus.Active)]
    [InlineData(true, 1, 10, KeyStatus.QuotaExhausted)]
    [InlineData(true, 0, 0, KeyStatus.Expired)]
    [InlineData(true, 0, 10, KeyStatus.Expired)]
    [InlineData(false, 1, 0, KeyStatus.Disabled)]
    [InlineData(false, 0, 10, KeyStatus.Disabled)]
    public void Disabled_comes_before_expired_before_exhausted(bool enabled, int hoursLeft, long used, KeyStatus expected) =>
        Assert.Equal(expected, KeyStatuses.Of(enabled, new Expiration(_now.AddHours(hoursLeft)), new TokenQuota(10, used), _now));

    [Fact]
    public void A_raised_quota_and_a_later_date_revive_a_key()
    {
        var expired = new Expiration(_now);
        Assert.Equal(KeyStatus.Active, KeyStatuses.Of(true, new Expiration(expired.At!.Value.AddMilliseconds(1)), new TokenQuota(11, 10), _now));
        Assert.Equal(KeyStatus.Active, KeyStatuses.Of(true, Expiration.Never, new TokenQuota(null, 10), _now));
    }

    [Fact]
    public void Expires_soon_marks_active_keys_in_their_last_seven_days()
    {
        var sevenDays = new Expiration(_now.AddDays(7));
        var fresh = new TokenQuota(10, 0);

        Assert.True(KeyStatuses.ExpiresSoon(true, sevenDays, fresh, _now));
        Assert.True(KeyStatuses.ExpiresSoon(true, new Expiration(_now.AddMilliseconds(1)), fresh, _now));
        Assert.False(KeyStatuses.ExpiresSoon(true, sevenDays, fresh, _now.AddMilliseconds(-1)));
        Assert.False(KeyStatuses.ExpiresSoon(true, new Expiration(_now), fresh, _now));
        Assert.False(KeyStatuses.ExpiresSoon(true, Expiration.Never, fresh, _now));
        Assert.False(KeyStatuses.ExpiresSoon(false, sevenDays, fresh, _now));
        Assert.False(KeyStatuses.ExpiresSoon(true, sevenDays, new TokenQuota(10, 10), _now));
    }
}
