using System.Diagnostics;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Gateway.Errors;
using NexLlm.Dashboard.Gateway.Settings;

namespace NexLlm.Dashboard.Gateway.Bodies;

/// <summary>
/// Runs expensive work on bodies (decompressing, scanning and counting large ones) away from the threads that answer requests. It
/// uses at most half of the processors and one task per account at a time, and rejects work that would wait too long.
/// </summary>
internal sealed class CpuWorkQueue(IOptions<GatewayOptions> options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, Queue<Piece>> _waiting = [];
    private readonly Queue<long> _turns = [];
    private readonly TimeSpan _most = options.Value.MaxWorkBacklog;
    private readonly int _mostThreads = Math.Max(1, Environment.ProcessorCount / 2);
    private TimeSpan _backlog;
    private int _threads;

    // The ratio of actual to expected time.
    private double _pace = 1;

    /// <summary>The error for work that was not accepted, with the time until the queue is short again.</summary>
    public Rejection Rejection
    {
        get
        {
            lock (_gate)
            {
                return BusyRejection.ServerBusy(TimeSpan.FromSeconds(Math.Ceiling(Math.Max(1, (_backlog * _pace).TotalSeconds))));
            }
        }
    }

    /// <summary>The expected time of all queued and running work.</summary>
    public TimeSpan Backlog
    {
        get
        {
            lock (_gate)
            {
                return _backlog;
            }
        }
    }

    /// <summary>Returns null if the work would wait too long, overall or for this account. At least one task per account is accepted.</summary>
    /// <param name="expected">The maximum time on a typical machine.</param>
    public Task<T>? TryRun<T>(long accountId, TimeSpan expected, Func<T> work)
    {
        var piece = new Piece<T>(expected, work);
        lock (_gate)
        {
            var own = _waiting.GetValueOrDefault(accountId);
            if (_backlog > TimeSpan.Zero && _backlog + expected > _most
                || own is { Count: > 0 } && own.Aggregate(expected, (sum, each) => sum + each.Expected) > _most / 2)
            {
                return null;
            }

            _backlog += expected;
            if (own is null)
            {
                _waiting[accountId] = own = new Queue<Piece>();
                _turns.Enqueue(accountId);
            }

            own.Enqueue(piece);
            if (_threads == _mostThreads)
            {
                return piece.Done;
            }

            _threads++;
        }

        _ = LowPriorityThread.RunAsync(WorkOff);
        return piece.Done;
    }

    private bool WorkOff()
    {
        while (Next() is { } piece)
        {
            var since = Stopwatch.GetTimestamp();
            piece.Run();
            lock (_gate)
            {
                _backlog -= piece.Expected;
                _pace += ((Stopwatch.GetElapsedTime(since) / piece.Expected) - _pace) / 8;
            }
        }

        return true;
    }

    private Piece? Next()
    {
        lock (_gate)
        {
            if (!_turns.TryDequeue(out var account))
            {
                _threads--;
                return null;
            }

            var own = _waiting[account];
            var piece = own.Dequeue();
            if (own.Count > 0)
            {
                _turns.Enqueue(account);
            }
            else
            {
                _waiting.Remove(account);
            }

            return piece;
        }
    }

    private abstract class Piece(TimeSpan expected)
    {
        public TimeSpan Expected { get; } = expected;

        public abstract void Run();
    }

    private sealed class Piece<T>(TimeSpan expected, Func<T> work) : Piece(expected)
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<T> Done => _done.Task;

        public override void Run()
        {
            try
            {
                _done.SetResult(work());
            }
            catch (Exception error)
            {
                _done.SetException(error);
            }
        }
    }
}
