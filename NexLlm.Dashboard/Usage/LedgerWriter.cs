using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Data;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Usage;

/// <summary>
/// Writes the charges of many requests in one commit, on a thread of its own. A ticket is written when somebody waits for it, when it is
/// settled, or when it has been running for a while: so the answer that comes quickly costs one row and one wait.
/// </summary>
/// <remarks>What others ask of it stands here; what its thread does, in <c>LedgerWriter.Writing.cs</c>.</remarks>
internal sealed partial class LedgerWriter : IHostedService, IDisposable
{
    /// <summary>A ticket that runs for so long is written unasked, so that the first byte of its answer finds it durable.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromMilliseconds(25);

    private static readonly TimeSpan _flushInterval = TimeSpan.FromSeconds(1);

    private readonly WriteGate _gate;
    private readonly IOptions<DatabaseOptions> _options;
    private readonly KeyChanges _keyChanges;
    private readonly TimeProvider _clock;
    private readonly ILogger<LedgerWriter> _log;
    private readonly ITimer _patienceOver;
    private readonly ITimer _flushDue;
    private readonly AutoResetEvent _work = new(false);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Kept, or each group would make one anew.
    private readonly Func<LedgerFile, string> _writeGroup;
    private readonly Func<LedgerFile, string> _writeCounters;

    private readonly Lock _lock = new();
    private readonly Queue<ChargeTicket> _fresh = new();
    private readonly Dictionary<long, ChargeTicket> _running = [];
    private readonly List<TaskCompletionSource> _flushWaiters = [];
    private List<ChargeTicket> _asked = [];
    private Thread? _thread;
    private long _lastId;
    private bool _isIdle;
    private bool _isPatienceTimed;
    private bool _isFlushTimed;
    private bool _isFlushDue;
    private bool _isStopping;
    private volatile bool _isFailing;
    private volatile bool _isSpaceLow;
    private long _lastCommit;

    public LedgerWriter(
        WriteGate gate, IOptions<DatabaseOptions> options, KeyChanges keyChanges, TimeProvider clock, ILogger<LedgerWriter> log)
    {
        _gate = gate;
        _options = options;
        _keyChanges = keyChanges;
        _clock = clock;
        // Long ago: the first request waits to see that the file can be written.
        _lastCommit = clock.GetTimestamp() - (clock.TimestampFrequency * 3600);
        _log = log;
        _space = new FreeSpace(options.Value.Folder);
        _writeGroup = WriteGroup;
        _writeCounters = WriteCounters;
        _patienceOver = clock.CreateTimer(_ => OnPatienceOver(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _flushDue = clock.CreateTimer(_ => OnFlushDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public DateTimeOffset Now => _clock.GetUtcNow();

    /// <summary>The last try to write failed, or there will be none any more.</summary>
    public bool IsFailing => _isFailing;

    /// <summary>The disk may be full by the next commit, so that the last one proves nothing.</summary>
    public bool IsSpaceLow => _isSpaceLow;

    /// <summary>The clock's timestamp.</summary>
    public long LastCommit => Volatile.Read(ref _lastCommit);

    /// <summary>Numbers go on from these.</summary>
    public void Resume(long lastId, long lastSettlement) => (_lastId, _settlement) = (lastId, lastSettlement);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _thread = new Thread(Run) { Name = "Ledger writer", IsBackground = true };
        _thread.Start();
        return Task.CompletedTask;
    }

    /// <summary>Writes all that was asked for, and the counters.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _isStopping = true;
            _isFlushDue = true;
            LeaveIdle();
        }

        // A start that failed before this one's turn stops it all the same. However little time the host has left after
        // waiting for others, the last group is written: it is short.
        return _thread is null ? Task.CompletedTask : _ended.Task;
    }

    public void Dispose()
    {
        _patienceOver.Dispose();
        _flushDue.Dispose();
        _work.Dispose();
    }

    /// <summary>Takes a new ticket on, and numbers it.</summary>
    public void Add(ChargeTicket ticket)
    {
        lock (_lock)
        {
            ticket.Entry.Id = ++_lastId;
            _fresh.Enqueue(ticket);
            TimePatience();
        }
    }

    /// <summary>The first of so many numbers, for charges that others write.</summary>
    public long TakeIds(int count)
    {
        lock (_lock)
        {
            _lastId += count;
            return _lastId - count + 1;
        }
    }

    public WriteStatus WhenDurable(ChargeTicket ticket)
    {
        ref var entry = ref ticket.Entry;
        lock (_lock)
        {
            if (entry.Stored is not null)
            {
                return WriteStatus.Done;
            }

            if (_isFailing || entry.HasFailed)
            {
                return WriteStatus.Failed;
            }

            entry.WaitsDurable = true;
            Queue(ticket);
            return WriteStatus.Pending;
        }
    }

    public WriteStatus Settle(ChargeTicket ticket)
    {
        ref var entry = ref ticket.Entry;
        lock (_lock)
        {
            entry.Wanted = ChargeState.Settled;
            entry.WaitsSettled = !_isFailing;
            TimeFlush();
            Queue(ticket);
            return entry.WaitsSettled ? WriteStatus.Pending : WriteStatus.Failed;
        }
    }

    public void Abandon(ChargeTicket ticket)
    {
        ref var entry = ref ticket.Entry;
        lock (_lock)
        {
            entry.Wanted = ChargeState.Abandoned;
            if (entry.Stored is null && !entry.IsTaken)
            {
                Finish(ticket);
            }
            else
            {
                Queue(ticket);
            }
        }
    }

    /// <summary>Completes when the counters in the file hold everything that is settled now.</summary>
    public Task FlushAsync()
    {
        var flushed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _flushWaiters.Add(flushed);
            _isFlushDue = true;
            LeaveIdle();
        }

        return flushed.Task;
    }

    private void OnPatienceOver()
    {
        lock (_lock)
        {
            _isPatienceTimed = false;
            LeaveIdle();
        }
    }

    private void OnFlushDue()
    {
        lock (_lock)
        {
            _isFlushTimed = false;
            _isFlushDue = true;
            LeaveIdle();
        }
    }

    /// <summary>Under the lock, as all that follow.</summary>
    private void TimePatience()
    {
        if (!_isPatienceTimed)
        {
            _isPatienceTimed = true;
            _patienceOver.Change(_patience, Timeout.InfiniteTimeSpan);
        }
    }

    private void TimeFlush()
    {
        if (!_isFlushTimed)
        {
            _isFlushTimed = true;
            _flushDue.Change(_flushInterval, Timeout.InfiniteTimeSpan);
        }
    }

    private void Queue(ChargeTicket ticket)
    {
        if (!ticket.Entry.IsQueued)
        {
            ticket.Entry.IsQueued = true;
            _asked.Add(ticket);
        }

        LeaveIdle();
    }

    private void LeaveIdle()
    {
        if (_isIdle)
        {
            _isIdle = false;
            _work.Set();
        }
    }

    private void Finish(ChargeTicket ticket)
    {
        ticket.Entry.IsFinished = true;
        _running.Remove(ticket.Entry.Id);
    }
}
