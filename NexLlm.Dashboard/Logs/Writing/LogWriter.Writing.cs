using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Logs.Writing;

// What the writer's thread does. Fields declared here are its own.
internal sealed partial class LogWriter
{
    /// <summary>At least as many as can come in the same time, so that the file stays as large as it is.</summary>
    private const int PrunedAtOnce = 2 * ManyWaiting;

    private readonly LogBatch _batch = new(ManyWaiting);
    private List<LoggedRequest> _taken = new(ManyWaiting);
    private LogFile? _file;
    private bool _isFailing;
    private long _droppedBefore;

    private void Run()
    {
        LowPriorityThread.LowerPriority();
        var isLast = false;
        while (!isLast)
        {
            _work.WaitOne();
            isLast = Write();
        }

        _file?.Dispose();
        _ended.SetResult();
    }

    /// <returns>Whether there will be nothing more.</returns>
    private bool Write()
    {
        List<Job> jobs;
        bool isLast;
        lock (_lock)
        {
            // What could not be written is tried again, before what has come since.
            if (_batch.IsEmpty)
            {
                (_taken, _waiting) = (_waiting, _taken);
            }

            jobs = [.. _jobs];
            _jobs.Clear();
            isLast = _isStopping;
            _isTimed = _waiting.Count > 0;
        }

        _taken.ForEach(line => _batch.Add(line));
        _taken.Clear();
        if (_batch.IsEmpty || TryWrite(WriteBatch))
        {
            Publish();
            _batch.Clear();
        }

        foreach (var job in jobs)
        {
            Run(job);
        }

        if (!isLast)
        {
            Prune();
        }

        EndTurn();
        return isLast;
    }

    private void WriteBatch(LogFile file)
    {
        _batch.WriteTo(file);
        Failpoint.Hit("before_log_commit");
    }

    private void Run(Job job)
    {
        if (_batch.IsEmpty && TryWrite(job.Write))
        {
            job.Done.SetResult();
        }
        else
        {
            job.Done.SetException(new StorageUnavailableException());
        }
    }

    private void EndTurn()
    {
        lock (_lock)
        {
            if ((_isFailing && !_batch.IsEmpty) || _isTimed)
            {
                _isTimed = true;
                _due.Change(_interval, Timeout.InfiniteTimeSpan);
            }
        }

        if (Dropped is var dropped && dropped > _droppedBefore)
        {
            if (_droppedBefore == 0)
            {
                LogDropping(_log);
            }

            _droppedBefore = dropped;
        }
    }

    private void Publish()
    {
        if (_tail.IsHeard && !_batch.IsEmpty)
        {
            _tail.Publish(_batch.ToTell());
        }
    }

    /// <summary>Some at a time: the rest goes the next time.</summary>
    private void Prune()
    {
        var until = RequestNumber.FirstAt(_clock.GetUtcNow() - Keep);
        var isMore = false;
        if (_batch.IsEmpty && TryWrite(file =>
        {
            isMore = file.DeleteOldest(until, PrunedAtOnce);
            file.DeleteRefusals(LogBatch.QuarterOf(until));
            if (isMore)
            {
                // Of what comes and goes every second, new lines take the place.
                file.Shrink();
            }
        }) && isMore)
        {
            _work.Set();
        }
    }

    /// <summary>Writes in one transaction; false if that was not possible, and then nothing was written.</summary>
    private bool TryWrite(Action<LogFile> write)
    {
        try
        {
            _file ??= new LogFile(_database.Value.LogPath);
            _file.Begin();
            write(_file);
            _file.Commit();
            if (_isFailing)
            {
                _isFailing = false;
                LogHealed(_log);
            }

            return true;
        }
        catch (Exception error)
        {
            // Whatever it was, the thread that writes must not end; what was begun is undone with the connection.
            if (!_isFailing)
            {
                LogFailing(_log, error);
            }

            _isFailing = true;
            _file?.Dispose();
            _file = null;
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The request log is not writable. Requests are not affected. Retrying every second; entries that do not fit into memory are dropped.")]
    private static partial void LogFailing(ILogger log, Exception error);

    [LoggerMessage(LogLevel.Warning, "The request log is writable again.")]
    private static partial void LogHealed(ILogger log);

    [LoggerMessage(LogLevel.Warning, "Request log is falling behind; dropping entries.")]
    private static partial void LogDropping(ILogger log);
}
