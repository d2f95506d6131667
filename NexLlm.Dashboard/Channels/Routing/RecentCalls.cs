namespace NexLlm.Dashboard.Channels.Routing;

/// <summary>Counts the successful and failed calls of the last five minutes, accurate to a few seconds. Lock-free and allocation-free.</summary>
internal sealed class RecentCalls(TimeProvider clock)
{
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private const int SecondsPerSlot = 5;
    private const int CountBits = 19;
    private const long MostCounted = (1L << CountBits) - 1;

    // From the high bits down: the slot's number, which reveals stale slots, then failures, then calls.
    private readonly long[] _slots = new long[(int)Window.TotalSeconds / SecondsPerSlot];

    private readonly long _start = clock.GetTimestamp();

    public void Count(bool success)
    {
        var number = Number();
        ref var slot = ref _slots[number % _slots.Length];
        long before, after;
        do
        {
            before = Volatile.Read(ref slot);
            var (calls, failures) = before >> (2 * CountBits) == number ? Counts(before) : (0, 0);
            after = (number << (2 * CountBits)) | (Math.Min(failures + (success ? 0 : 1), MostCounted) << CountBits) | Math.Min(calls + 1, MostCounted);
        }
        while (Interlocked.CompareExchange(ref slot, after, before) != before);
    }

    public (long Calls, long Failures) Sum()
    {
        var oldest = Number() - _slots.Length + 1;
        long calls = 0, failures = 0;
        for (var i = 0; i < _slots.Length; i++)
        {
            var slot = Volatile.Read(ref _slots[i]);
            if (slot >> (2 * CountBits) >= oldest)
            {
                var (more, failed) = Counts(slot);
                calls += more;
                failures += failed;
            }
        }

        return (calls, failures);
    }

    private static (long Calls, long Failures) Counts(long slot) => (slot & MostCounted, (slot >> CountBits) & MostCounted);

    // Starts at 1 because an unused slot has the number 0.
    private long Number() => 1 + (long)(clock.GetElapsedTime(_start).TotalSeconds / SecondsPerSlot);
}
