using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Logs.Writing;

/// <summary>
/// Pending lines, and jobs to run after them. Requests add lines without waiting; lines the writer can't keep up with are dropped
/// and counted.
/// </summary>
internal sealed class LogQueue : IDisposable
{
    /// <summary>The number of lines that are written without waiting for the second to pass.</summary>
    public const int ManyLines = 8_192;

    /// <summary>The maximum number of queued lines, about ten megabytes.</summary>
    private const int Capacity = 65_536;

    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);

    private readonly LogWriter _writer;
    private readonly OneShotTimer _timer;

    // Guards everything below.
    private readonly Lock _lock = new();
    private readonly List<LogJob> _jobs = [];
    private List<LoggedRequest> _lines = new(ManyLines);
    private long _dropped;
    private bool _isDue;
    private bool _isStopping;

    public LogQueue(LogWriter writer, TimeProvider clock)
    {
        _writer = writer;
        _timer = new OneShotTimer(clock, _interval, _lock, SetDue);
    }

    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Queues the line. Neither waits nor allocates, unless the buffer has to grow.</summary>
    public void Add(in LoggedRequest line)
    {
        lock (_lock)
        {
            if (_lines.Count == Capacity)
            {
                _dropped++;
                return;
            }

            _lines.Add(line);
            if (_lines.Count == ManyLines)
            {
                SetDue();
            }
            else
            {
                _timer.Start();
            }
        }
    }

    /// <summary>Runs a job after all lines added so far.</summary>
    public Task RunAsync(Action<ILogStore> write)
    {
        var job = new LogJob(write, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_lock)
        {
            if (_isStopping)
            {
                return Task.FromException(new StorageUnavailableException());
            }

            _jobs.Add(job);
            SetDue();
        }

        return job.Done.Task;
    }

    /// <summary>Schedules the next turn even without new lines.</summary>
    public void RequestTurn()
    {
        lock (_lock)
        {
            SetDue();
        }
    }

    /// <summary>Schedules the next turn within a second.</summary>
    public void RequestRetry()
    {
        lock (_lock)
        {
            _timer.Start();
        }
    }

    /// <summary>Makes the next turn the last.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _isStopping = true;
            SetDue();
        }
    }

    /// <param name="lines">An empty list, which is exchanged for the queue's.</param>
    /// <param name="leavesLines">Whether earlier lines are still unwritten, so that these must wait.</param>
    public BatchTurn Take(ref List<LoggedRequest> lines, List<LogJob> jobs, bool leavesLines)
    {
        lock (_lock)
        {
            if (!_isDue)
            {
                return BatchTurn.Idle;
            }

            _isDue = false;
            if (!leavesLines)
            {
                (lines, _lines) = (_lines, lines);
            }

            if (_lines.Count > 0)
            {
                _timer.Start();
            }

            jobs.AddRange(_jobs);
            _jobs.Clear();
            return _isStopping ? BatchTurn.LastBatch : BatchTurn.Batch;
        }
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>Call under the lock.</summary>
    private void SetDue()
    {
        _isDue = true;
        _writer.Wake();
    }
}

/// <summary>A write in its own transaction.</summary>
internal sealed record LogJob(Action<ILogStore> Write, TaskCompletionSource Done);
