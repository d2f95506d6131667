namespace NexLlm.Dashboard.Logs.Writing;

/// <summary>
/// Numbers requests: each once, and a later one higher. A clock that is set back a little only makes numbers run ahead of it; one
/// that was wrong is followed back, and lines whose numbers were given before then find places beside them.
/// </summary>
public sealed class RequestNumbers(TimeProvider clock)
{
    /// <summary>A number that is further ahead of the clock comes from one that was wrong.</summary>
    internal static TimeSpan MostAhead { get; } = TimeSpan.FromMinutes(1);

    private static readonly long _mostAhead = RequestNumber.FirstAt((long)MostAhead.TotalMilliseconds);

    private long _last;

    public long Next()
    {
        var now = RequestNumber.FirstAt(clock.GetUtcNow());
        while (true)
        {
            var last = Volatile.Read(ref _last);
            var next = last - now > _mostAhead ? now : Math.Max(now, last + 1);
            if (Interlocked.CompareExchange(ref _last, next, last) == last)
            {
                return next;
            }
        }
    }

    /// <summary>Goes on behind a number that was given before.</summary>
    internal void Resume(long last) => _last = Math.Max(_last, last);
}
