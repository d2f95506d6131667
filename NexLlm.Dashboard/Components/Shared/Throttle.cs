namespace NexLlm.Dashboard.Components.Shared;

/// <summary>Runs an action immediately, then at most once per interval; the last request is never lost.</summary>
public sealed class Throttle(TimeProvider clock, TimeSpan interval, Action action) : IDisposable
{
    private readonly Lock _lock = new();
    private ITimer? _pending;
    private long? _lastRun;
    private bool _disposed;

    public void Request()
    {
        lock (_lock)
        {
            if (_disposed || _pending is not null)
            {
                return;
            }

            var wait = _lastRun is { } last ? interval - clock.GetElapsedTime(last) : TimeSpan.Zero;
            if (wait > TimeSpan.Zero)
            {
                _pending = clock.CreateTimer(_ => Run(), null, wait, Timeout.InfiniteTimeSpan);
                return;
            }

            _lastRun = clock.GetTimestamp();
        }

        action();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _pending?.Dispose();
        }
    }

    private void Run()
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            _pending?.Dispose();
            _pending = null;
            _lastRun = clock.GetTimestamp();
        }

        action();
    }
}
