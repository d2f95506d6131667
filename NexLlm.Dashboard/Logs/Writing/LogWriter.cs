using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Logs.Writing;

/// <summary>
/// Writes request lines once a second, or sooner if there are many, on a low-priority thread. Requests are never delayed or
/// rejected because of the log.
/// </summary>
internal sealed partial class LogWriter : BatchWriter<ILogStore>
{
    /// <summary>At least as many as can arrive in the same time, so that the file doesn't grow.</summary>
    private const int PrunedAtOnce = 2 * LogQueue.ManyLines;

    private readonly IDatabaseEngine _engine;
    private readonly IOptions<LogsOptions> _options;
    private readonly LogTail _tail;
    private readonly TimeProvider _clock;
    private readonly ILogger<LogWriter> _log;
    private readonly LogQueue _queue;
    private readonly ITimer _pruningDue;
    private readonly LogBatch _batch = new(LogQueue.ManyLines);
    private readonly List<LogJob> _jobs = [];
    private List<LoggedRequest> _lines = new(LogQueue.ManyLines);
    private long _reportedDropped;

    public LogWriter(
        IDatabaseEngine engine, IOptions<LogsOptions> options, LogTail tail, TimeProvider clock, ILogger<LogWriter> log)
        : base("Log writer")
    {
        _engine = engine;
        _options = options;
        _tail = tail;
        _clock = clock;
        _log = log;
        _queue = new LogQueue(this, clock);
        // Old lines are removed even if no new ones arrive.
        _pruningDue = clock.CreateTimer(_ => _queue.RequestTurn(), null, TimeSpan.FromHours(1), TimeSpan.FromHours(1));
    }

    /// <summary>Lines dropped since the start, because writing failed or was too slow.</summary>
    public long Dropped => _queue.Dropped;

    /// <summary>How long lines are kept.</summary>
    public TimeSpan Keep => _options.Value.Keep;

    /// <inheritdoc cref="LogQueue.Add"/>
    public void Add(in LoggedRequest line) => _queue.Add(line);

    /// <summary>Writes in a transaction after all lines added so far.</summary>
    /// <exception cref="StorageUnavailableException">It could not be written.</exception>
    public Task RunAsync(Action<ILogStore> write) => _queue.RunAsync(write);

    /// <summary>Completes when every line added so far is in the file.</summary>
    public Task FlushAsync() => RunAsync(_ => { });

    public override void Dispose()
    {
        _pruningDue.Dispose();
        _queue.Dispose();
        base.Dispose();
    }

    protected override ILogStore Open() => _engine.OpenLog();

    protected override void OnStarted() => LowPriorityThread.LowerPriority();

    protected override void OnStopping() => _queue.Stop();

    // Failed lines are retried before newer ones.
    protected override BatchTurn Take() => _queue.Take(ref _lines, _jobs, leavesLines: !_batch.IsEmpty);

    protected override void Write(bool isLast)
    {
        foreach (var line in _lines)
        {
            _batch.Add(line);
        }

        _lines.Clear();
        if (_batch.IsEmpty || TryWrite(WriteBatch, out _))
        {
            Publish();
            _batch.Clear();
        }
        else
        {
            _queue.RequestRetry();
        }

        _jobs.ForEach(Run);
        _jobs.Clear();
        if (!isLast)
        {
            Prune();
        }

        ReportDropped();
    }

    protected override void ReportHealth(Exception? failure)
    {
        if (failure is null)
        {
            LogWritable(_log);
        }
        else
        {
            LogFailing(_log, failure);
        }
    }

    private void WriteBatch(ILogStore store)
    {
        _batch.WriteTo(store);
        Failpoint.Hit("before_log_commit");
    }

    private void Publish()
    {
        if (_tail.IsHeard && !_batch.IsEmpty)
        {
            _tail.Publish(_batch.ToTell());
        }
    }

    private void Run(LogJob job)
    {
        if (_batch.IsEmpty && TryWrite(job.Write, out _))
        {
            job.Done.SetResult();
        }
        else
        {
            job.Done.SetException(new StorageUnavailableException());
        }
    }

    /// <summary>Removes some old lines; the rest follows in the next turn, which runs immediately.</summary>
    private void Prune()
    {
        var until = RequestNumber.FirstAt(_clock.GetUtcNow() - Keep);
        var isMore = false;
        if (_batch.IsEmpty && TryWrite(
            store =>
            {
                isMore = store.DeleteOldest(until, PrunedAtOnce);
                store.DeleteRefusals(LogBatch.QuarterOf(until));
                if (isMore)
                {
                    // Not for the few removed every second, since new lines reuse their space.
                    store.Shrink();
                }
            },
            out _) && isMore)
        {
            _queue.RequestTurn();
        }
    }

    private void ReportDropped()
    {
        if (Dropped is var dropped && dropped > _reportedDropped)
        {
            if (_reportedDropped == 0)
            {
                LogDropping(_log);
            }

            _reportedDropped = dropped;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The request log is not writable. Requests are not affected. Retrying every second; entries that do not fit into memory are dropped.")]
    private static partial void LogFailing(ILogger log, Exception error);

    [LoggerMessage(LogLevel.Warning, "The request log is writable again.")]
    private static partial void LogWritable(ILogger log);

    [LoggerMessage(LogLevel.Warning, "Request log is falling behind; dropping entries.")]
    private static partial void LogDropping(ILogger log);
}
