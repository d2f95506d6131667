namespace NexLlm.Dashboard.Channels.Routing;

/// <summary>
/// How many calls went well and how many failed in the last five minutes, to a few seconds. Counting allocates nothing and
/// takes no lock.
/// </summary>
internal sealed class RecentCalls(TimeProvider clock)
{
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private const int SecondsPerSlot = 5;
    private const int CountBits = 19;
    private const long MostCounted = (1L << CountBits) - 1;

    // From the top: the slot's own number, which tells whether it is of this round, failures, calls.
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

    // Begins above 0, the number that stands in a slot that was never used.
    private long Number() => 1 + (long)(clock.GetElapsedTime(_start).TotalSeconds / SecondsPerSlot);
}
