using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Logs.Writing;

/// <summary>
/// Takes lines from requests without making them wait, and writes them on a thread of its own: once a second, or when many
/// have come. What it cannot keep up with is dropped and counted; no request is ever delayed or refused for the log's sake.
/// </summary>
/// <remarks>What others ask of it stands here; what its thread does, in <c>LogWriter.Writing.cs</c>.</remarks>
internal sealed partial class LogWriter : IHostedService, IDisposable
{
    /// <summary>Lines that wait at most; some ten megabytes.</summary>
    internal const int MostWaiting = 65_536;

    private const int ManyWaiting = 8_192;

    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);

    private readonly IOptions<DatabaseOptions> _database;
    private readonly IOptions<LogsOptions> _options;
    private readonly LogTail _tail;
    private readonly TimeProvider _clock;
    private readonly ILogger<LogWriter> _log;
    private readonly ITimer _due;
    private readonly ITimer _pruningDue;
    private readonly AutoResetEvent _work = new(false);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly Lock _lock = new();
    private readonly Queue<Job> _jobs = [];
    private List<LoggedRequest> _waiting = new(ManyWaiting);
    private Thread? _thread;
    private long _dropped;
    private bool _isTimed;
    private bool _isStopping;

    public LogWriter(
        IOptions<DatabaseOptions> database, IOptions<LogsOptions> options, LogTail tail, TimeProvider clock, ILogger<LogWriter> log)
    {
        _database = database;
        _options = options;
        _tail = tail;
        _clock = clock;
        _log = log;
        _due = clock.CreateTimer(_ => _work.Set(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        // What is old goes although nothing new comes.
        _pruningDue = clock.CreateTimer(_ => _work.Set(), null, TimeSpan.FromHours(1), TimeSpan.FromHours(1));
    }

    /// <summary>Lines that were given up since the start, because writing failed or could not keep up.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>How long a line is kept.</summary>
    public TimeSpan Keep => _options.Value.Keep;

    /// <summary>Takes the line. Neither waits nor allocates, but where so many wait that the buffer has to grow.</summary>
    public void Add(in LoggedRequest line)
    {
        lock (_lock)
        {
            if (_waiting.Count == MostWaiting)
            {
                _dropped++;
                return;
            }

            _waiting.Add(line);
            if (_waiting.Count == ManyWaiting)
            {
                _work.Set();
            }
            else if (!_isTimed)
            {
                _isTimed = true;
                _due.Change(_interval, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>Writes something of one's own, in a transaction behind all lines that were taken before.</summary>
    /// <exception cref="StorageUnavailableException">It could not be written.</exception>
    public Task RunAsync(Action<LogFile> write)
    {
        var job = new Job(write, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_lock)
        {
            if (_isStopping)
            {
                return Task.FromException(new StorageUnavailableException());
            }

            _jobs.Enqueue(job);
        }

        _work.Set();
        return job.Done.Task;
    }

    /// <summary>Completes when every line that was taken before is in the file.</summary>
    public Task FlushAsync() => RunAsync(_ => { });

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _thread = new Thread(Run) { Name = "Log writer", IsBackground = true };
        _thread.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        var ended = _thread is null ? Task.CompletedTask : _ended.Task;
        lock (_lock)
        {
            if (_isStopping)
            {
                // Asked twice, the second time perhaps when all is disposed already.
                return ended;
            }

            _isStopping = true;
        }

        _work.Set();
        return ended;
    }

    public void Dispose()
    {
        _due.Dispose();
        _pruningDue.Dispose();
        _work.Dispose();
    }

    private sealed record Job(Action<LogFile> Write, TaskCompletionSource Done);
}
