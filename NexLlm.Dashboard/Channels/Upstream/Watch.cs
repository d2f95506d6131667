using System.Collections.Concurrent;

namespace NexLlm.Dashboard.Channels.Upstream;

/// <summary>
/// Time limits that cost a request no allocation and no timer: one sweep a second looks for what is overdue, and a
/// <see cref="Limit"/> that ended well is used again.
/// </summary>
internal sealed class Watch : IDisposable
{
    private static readonly TimeSpan _sweepEvery = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _clock;
    private readonly ITimer _timer;
    private readonly ConcurrentQueue<Limit> _free = new();
    private readonly ConcurrentDictionary<Limit, bool> _all = new();

    public Watch(TimeProvider clock)
    {
        _clock = clock;
        _timer = clock.CreateTimer(_ => Sweep(), null, _sweepEvery, _sweepEvery);
    }

    public Limit Rent()
    {
        if (_free.TryDequeue(out var limit))
        {
            return limit;
        }

        limit = new Limit(this);
        _all.TryAdd(limit, true);
        return limit;
    }

    public void Dispose() => _timer.Dispose();

    private void Sweep()
    {
        var now = _clock.GetTimestamp();
        foreach (var (limit, _) in _all)
        {
            limit.EndIfOverdue(now);
        }
    }

    /// <summary>The time limit of one request at a time. Its token also ends when somebody cancels it.</summary>
    internal sealed class Limit(Watch watch) : CancellationTokenSource
    {
        private const long Off = 0;
        private const long Passed = -1;

        private long _due;

        /// <summary>The token has ended because time ran out, not because somebody cancelled.</summary>
        public bool HasPassed => Volatile.Read(ref _due) == Passed;

        /// <summary>Counts from now.</summary>
        public void Start(TimeSpan allowed)
        {
            var due = watch._clock.GetTimestamp() + (long)(allowed.TotalSeconds * watch._clock.TimestampFrequency);
            if (Volatile.Read(ref _due) is var before && before != Passed)
            {
                Interlocked.CompareExchange(ref _due, due, before);
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
                watch._free.Enqueue(this);
            }
            else
            {
                watch._all.TryRemove(this, out _);
            }
        }

        internal void EndIfOverdue(long now)
        {
            if (Volatile.Read(ref _due) is > Off and var due && now >= due && Interlocked.CompareExchange(ref _due, Passed, due) == due)
            {
                Cancel();
            }
        }
    }
}
