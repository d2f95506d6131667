using Microsoft.Extensions.Time.Testing;

namespace NexLlm.Dashboard.Tests.TestKit;

/// <summary>
/// A clock that moves only when told. When it is moved past several periods of a timer, the timer fires once, like a real one after the machine
/// slept: the framework's would make it fire a million times for a timer of a second and a step of ten days.
/// </summary>
public sealed class TestClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new PeriodicallyArmed(callback, state);
        timer.Arm(base.CreateTimer(static timer => ((PeriodicallyArmed)timer!).Fire(), timer, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan), dueTime, period);
        return timer;
    }

    private sealed class PeriodicallyArmed(TimerCallback callback, object? state) : ITimer
    {
        private ITimer _once = default!;
        private TimeSpan _period;

        public void Arm(ITimer once, TimeSpan dueTime, TimeSpan period)
        {
            _once = once;
            Change(dueTime, period);
        }

        public void Fire()
        {
            if (_period > TimeSpan.Zero)
            {
                _once.Change(_period, Timeout.InfiniteTimeSpan);
            }

            callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            return _once.Change(dueTime, Timeout.InfiniteTimeSpan);
        }

        public void Dispose() => _once.Dispose();

        public ValueTask DisposeAsync() => _once.DisposeAsync();
    }
}
