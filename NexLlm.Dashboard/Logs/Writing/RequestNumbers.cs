namespace NexLlm.Dashboard.Logs.Writing;

/// <summary>
/// Assigns unique, ascending numbers to requests. If the clock is set back slightly, numbers run ahead of it; after a large error
/// they follow the corrected clock, and new lines are inserted beside those numbered before.
/// </summary>
public sealed class RequestNumbers(TimeProvider clock)
{
    /// <summary>Numbers further ahead of the clock come from a wrong clock.</summary>
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

    /// <summary>Continues after a previously assigned number.</summary>
    internal void Resume(long last) => _last = Math.Max(_last, last);
}
