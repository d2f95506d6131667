using System.Collections.Concurrent;

namespace NexLlm.Dashboard.Channels.Upstream;

/// <summary>
/// Time limits that cost a request no allocation and no timer: while any runs, one sweep a second looks for what is overdue,
/// and a <see cref="Deadline"/> that ended well is used again.
/// </summary>
internal sealed class TimeoutSweeper : IDisposable
{
    private static readonly TimeSpan _sweepEvery = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _clock;
    private readonly ITimer _timer;
    private readonly ConcurrentQueue<Deadline> _free = new();
    private readonly ConcurrentDictionary<Deadline, bool> _all = new();

    // 1 while the next sweep is set.
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
        // Read after the mark is gone: a limit that starts too late to be seen here wakes the watch itself.
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

    /// <summary>The time limit of one request at a time. Its token also ends when somebody cancels it.</summary>
    internal sealed class Deadline(TimeoutSweeper sweeper) : CancellationTokenSource
    {
        private const long Off = 0;
        private const long Passed = -1;

        private long _due;

        /// <summary>The token has ended because time ran out, not because somebody cancelled.</summary>
        public bool HasPassed => Volatile.Read(ref _due) == Passed;

        /// <summary>Counts from now.</summary>
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

        /// <summary>Gives it back. Only one that nothing waits for any longer may be used again.</summary>
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

        /// <summary>Whether it is counting; ends it if it is overdue.</summary>
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
