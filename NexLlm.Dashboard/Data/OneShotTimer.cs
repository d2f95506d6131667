namespace NexLlm.Dashboard.Data;

/// <summary>
/// A timer that fires once after being started. Starting a running timer has no
/// effect. Start it while holding the lock that its callback takes.
/// </summary>
internal sealed class OneShotTimer : IDisposable
{
    private readonly ITimer _timer;
    private readonly TimeSpan _delay;
    private bool _isRunning;

    public OneShotTimer(TimeProvider clock, TimeSpan delay, Lock queue, Action elapsed)
    {
        _delay = delay;
        _timer = clock.CreateTimer(
            _ =>
            {
                lock (queue)
                {
                    _isRunning = false;
                    elapsed();
                }
            },
            null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Start()
    {
        if (!_isRunning)
        {
            _isRunning = true;
            _timer.Change(_delay, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => _timer.Dispose();
}
