namespace NexLlm.Dashboard.Logs;

/// <summary>Numbers requests: each once, and a later one higher. A clock that is set back only makes numbers run ahead of it.</summary>
public sealed class RequestNumbers(TimeProvider clock)
{
    private long _last;

    public long Next()
    {
        var now = RequestNumber.FirstAt(clock.GetUtcNow());
        while (true)
        {
            var last = Volatile.Read(ref _last);
            var next = Math.Max(now, last + 1);
            if (Interlocked.CompareExchange(ref _last, next, last) == last)
            {
                return next;
            }
        }
    }

    /// <summary>Goes on behind a number that was given before.</summary>
    internal void Resume(long last) => _last = Math.Max(_last, last);
}
