using Microsoft.Extensions.Time.Testing;
using NexLlm.Dashboard.Components.Shared;

namespace NexLlm.Dashboard.Tests.Components.Shared;

public sealed class ThrottleTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Throttle _throttle;
    private int _runs;

    public ThrottleTests() => _throttle = new Throttle(_clock, TimeSpan.FromSeconds(1), () => _runs++);

    public void Dispose() => _throttle.Dispose();

    [Fact]
    public void The_first_request_runs_at_once_and_a_burst_once_more_at_the_intervals_end()
    {
        for (var n = 0; n < 5; n++)
        {
            _throttle.Request();
        }

        Assert.Equal(1, _runs);
        _clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal(1, _runs);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(2, _runs);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(2, _runs);
    }

    [Fact]
    public void After_a_quiet_interval_a_request_runs_at_once_again()
    {
        _throttle.Request();
        _clock.Advance(TimeSpan.FromSeconds(1));
        _throttle.Request();

        Assert.Equal(2, _runs);
    }

    [Fact]
    public void Nothing_runs_after_disposal()
    {
        _throttle.Request();
        _throttle.Request();
        _throttle.Dispose();
        _clock.Advance(TimeSpan.FromSeconds(5));
        _throttle.Request();

        Assert.Equal(1, _runs);
    }
}
