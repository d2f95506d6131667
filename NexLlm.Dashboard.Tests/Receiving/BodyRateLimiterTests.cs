using System.Net;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using NexLlm.Dashboard.Receiving;
using NexLlm.Dashboard.Settings;

namespace NexLlm.Dashboard.Tests.Receiving;

/// <summary>All large bodies together come no faster than the rate, and whoever waits has their turn.</summary>
public sealed class BodyRateLimiterTests : IDisposable
{
    private const int Rate = 1_000_000;

    private readonly FakeTimeProvider _clock = new();
    private readonly BodyRateLimiter _pace;

    public BodyRateLimiterTests() => _pace = new BodyRateLimiter(Options.Create(new ServerOptions { BodyBytesPerSecond = Rate }), _clock);

    [Fact]
    public void What_is_received_beyond_the_rate_waits_until_it_is_made_up_for()
    {
        Assert.True(Pass(1, Rate).IsCompleted);
        var second = Pass(1, Rate);
        Advance(tenths: 9);
        Assert.False(second.IsCompleted);
        Advance(tenths: 1);
        Assert.True(second.IsCompleted);
    }

    [Fact]
    public void A_long_pause_saves_up_no_more_than_a_moment()
    {
        _clock.Advance(TimeSpan.FromHours(1));
        var passed = 0;
        while (Pass(1, Rate / 100).IsCompleted)
        {
            passed++;
        }

        Assert.Equal(5, passed);
    }

    [Fact]
    public void Lanes_take_turns_whatever_waits_in_them()
    {
        Pass(1, Rate / 10);
        Task[] many = [.. Enumerable.Range(0, 100).Select(_ => Pass(1, Rate / 10))];
        var other = Pass(2, Rate / 10);
        Advance(tenths: 3);

        Assert.True(other.IsCompleted);
        Assert.InRange(many.Count(each => each.IsCompleted), 1, 2);
        Assert.Equal(1, _pace.Lanes);
    }

    [Fact]
    public void All_lanes_together_have_the_rate_and_no_lane_is_left()
    {
        var all = Enumerable.Range(0, 40).Select(lane => Pass(lane, Rate / 10)).ToList();
        var took = 0;
        for (; all.Exists(each => !each.IsCompleted); took++)
        {
            Advance(tenths: 1);
        }

        Assert.InRange(took, 38, 40);
        Assert.Equal(0, _pace.Lanes);
    }

    [Fact]
    public void Addresses_have_lanes_of_their_own_and_none_of_an_account()
    {
        var one = BodyRateLimiter.LaneOf(new IPAddress([203, 0, 113, 7]));

        Assert.Equal(one, BodyRateLimiter.LaneOf(new IPAddress([203, 0, 113, 7]).MapToIPv6()));
        Assert.True(one < 0 && BodyRateLimiter.LaneOf((IPAddress?)null) < 0 && BodyRateLimiter.LaneOf(accountId: 1) > 0);
        // Who has one address of IPv6 has its neighbors.
        byte[] network = [0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 0];
        Assert.Equal(
            BodyRateLimiter.LaneOf(new IPAddress([.. network, 0, 0, 0, 0, 0, 0, 0, 1])),
            BodyRateLimiter.LaneOf(new IPAddress([.. network, 0, 0, 0, 0, 0, 0, 0, 2])));
    }

    public void Dispose() => _pace.Dispose();

    /// <summary>By the pace's own steps: the fake clock jumps.</summary>
    private void Advance(int tenths)
    {
        for (var step = 0; step < tenths * 10; step++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(10));
        }
    }

    private Task Pass(long lane, long bytes) => _pace.PassAsync(lane, bytes).AsTask();
}
