using System.Net;
using Microsoft.Extensions.Time.Testing;
using NexLlm.Dashboard.Accounts.LogIn;

namespace NexLlm.Dashboard.Tests.Accounts.LogIn;

public sealed class AddressLimiterTests
{
    private static readonly AddressAllowance _three = new("test", 3, TimeSpan.FromSeconds(10));

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void An_address_has_its_burst_and_then_one_more_after_each_interval()
    {
        var limiter = new AddressLimiter(_clock);
        var address = new IPAddress([192, 0, 2, 1]);

        Assert.All(Enumerable.Range(0, 3), _ => Assert.Null(limiter.Take(_three, address)));
        Assert.Equal(TimeSpan.FromSeconds(10), limiter.Take(_three, address));
        Assert.Null(limiter.Take(_three, new IPAddress([192, 0, 2, 2])));
        Assert.Null(limiter.Take(_three with { Purpose = "other" }, address));

        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Null(limiter.Take(_three, address));
        Assert.NotNull(limiter.Take(_three, address));
    }

    [Fact]
    public void A_whole_IPv6_network_and_an_IPv4_address_in_IPv6_count_as_one()
    {
        var limiter = new AddressLimiter(_clock);
        byte[] network = [0x20, 1, 0xd, 0xb8, 0, 0, 0, 1];

        Assert.All(Enumerable.Range(0, 3), i => Assert.Null(limiter.Take(_three, new IPAddress([.. network, 0, 0, 0, 0, 0, 0, 0, (byte)i]))));
        Assert.NotNull(limiter.Take(_three, new IPAddress([.. network, 9, 9, 9, 9, 9, 9, 9, 9])));

        var address = new IPAddress([192, 0, 2, 1]);
        Assert.All(Enumerable.Range(0, 3), _ => Assert.Null(limiter.Take(_three, address)));
        Assert.NotNull(limiter.Take(_three, address.MapToIPv6()));
    }
}
