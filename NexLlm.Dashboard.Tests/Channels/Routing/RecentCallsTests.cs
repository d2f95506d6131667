using Microsoft.Extensions.Time.Testing;
using NexLlm.Dashboard.Channels.Routing;

namespace NexLlm.Dashboard.Tests.Channels.Routing;

public sealed class RecentCallsTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly RecentCalls _recent;

    public RecentCallsTests() => _recent = new RecentCalls(_clock);

    [Fact]
    public void Nothing_is_counted_before_the_first_call() => Assert.Equal((0, 0), _recent.Sum());

    [Fact]
    public void Calls_and_failures_of_five_minutes_are_counted_and_older_ones_forgotten()
    {
        for (var second = 0; second < 1_200; second++)
        {
            _recent.Count(second % 4 != 0);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        // Of the oldest seconds up to five are gone already.
        var (calls, failures) = _recent.Sum();
        Assert.InRange(calls, 295, 300);
        Assert.InRange(failures, 73, 75);

        _clock.Advance(TimeSpan.FromSeconds(150));
        Assert.InRange(_recent.Sum().Calls, 145, 150);
        _clock.Advance(TimeSpan.FromSeconds(151));
        Assert.Equal((0, 0), _recent.Sum());
    }

    [Fact]
    public void Calls_that_end_at_once_are_all_counted()
    {
        Parallel.For(0, 100_000, i => _recent.Count(i % 10 != 0));

        Assert.Equal((100_000, 10_000), _recent.Sum());
    }

    [Fact]
    public void Counting_allocates_nothing()
    {
        _recent.Count(success: true);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            _recent.Count(success: false);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
