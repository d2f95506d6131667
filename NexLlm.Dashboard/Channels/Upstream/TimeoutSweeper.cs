using System.Collections.Concurrent;

namespace NexLlm.Dashboard.Channels.Upstream;

/// <summary>
/// Timeouts without a timer or an allocation per request: while any timeout is running, one sweep per second finds those that are overdue.
/// A <see cref="Deadline"/> that wasn't exceeded is reused.
/// </summary>
internal sealed class TimeoutSweeper : IDisposable
{
    private static readonly TimeSpan _sweepEvery = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _clock;
    private readonly ITimer _timer;
    private readonly ConcurrentQueue<Deadline> _free = new();
    private readonly ConcurrentDictionary<Deadline, bool> _all = new();

    // 1 while the next sweep is scheduled.
    private int _awake;

    public TimeoutSweeper(TimeProvider clock)
    {
        _clock = clock;
        _timer = clock.CreateTimer(_ => Sweep(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public Deadline Rent()
    {
        if (_free.TryDequeue(out var deadline))
        {
            return deadline;
        }

        deadline = new Deadline(this);
        _all.TryAdd(deadline, true);
        return deadline;
    }

    public void Dispose() => _timer.Dispose();

    private void Wake()
    {
        if (Volatile.Read(ref _awake) == 0 && Interlocked.Exchange(ref _awake, 1) == 0)
        {
            _timer.Change(_sweepEvery, Timeout.InfiniteTimeSpan);
        }
    }

    private void Sweep()
    {
        Interlocked.Exchange(ref _awake, 0);
        // Read after the flag is cleared: a timeout that starts too late to be seen here schedules the next sweep itself.
        var now = _clock.GetTimestamp();
        var running = false;
        foreach (var (deadline, _) in _all)
        {
            running |= deadline.Runs(now);
        }

        if (running)
        {
            Wake();
        }
    }

    /// <summary>The timeout of one request at a time. Its token is also canceled if someone cancels the source.</summary>
    internal sealed class Deadline(TimeoutSweeper sweeper) : CancellationTokenSource
    {
        private const long Off = 0;
        private const long Passed = -1;

        private long _due;

        /// <summary>Whether the token was canceled by the timeout rather than by a caller.</summary>
        public bool HasPassed => Volatile.Read(ref _due) == Passed;

        /// <summary>Starts the timeout, counted from now.</summary>
        public void Start(TimeSpan allowed)
        {
            var due = sweeper._clock.GetTimestamp() + (long)(allowed.TotalSeconds * sweeper._clock.TimestampFrequency);
            if (Volatile.Read(ref _due) is var before && before != Passed)
            {
                Interlocked.CompareExchange(ref _due, due, before);
                sweeper.Wake();
            }
        }

        public void Stop()
        {
            if (Volatile.Read(ref _due) is var due && due != Passed)
            {
                Interlocked.CompareExchange(ref _due, Off, due);
            }
        }

        /// <summary>Returns the deadline to the pool. Reusable only if nothing waits on its token any longer.</summary>
        public void Return(bool reusable)
        {
            Stop();
            if (reusable && !HasPassed && TryReset())
            {
                sweeper._free.Enqueue(this);
            }
            else
            {
                sweeper._all.TryRemove(this, out _);
            }
        }

        /// <summary>Whether the timeout is still running. Cancels the token if it is overdue.</summary>
        internal bool Runs(long now)
        {
            var due = Volatile.Read(ref _due);
            if (due <= Off || now < due)
            {
                return due > Off;
            }

            if (Interlocked.CompareExchange(ref _due, Passed, due) == due)
            {
                Cancel();
            }

            return false;
        }
    }
}
