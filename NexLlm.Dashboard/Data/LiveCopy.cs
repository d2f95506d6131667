namespace NexLlm.Dashboard.Data;

/// <summary>
/// What the program holds of a row in memory: a value that nobody changes, replaced as a whole. Marked stale, it is read
/// again before the next use; a reading that a change overtook does not count and is repeated.
/// </summary>
public abstract class LiveCopy<T>(T first)
    where T : class
{
    private readonly Lock _replacing = new();
    private T _value = first;
    private long _changes = 1;
    private long _read;

    internal bool IsCurrent => Volatile.Read(ref _read) == Volatile.Read(ref _changes);

    protected T Value => Volatile.Read(ref _value);

    internal void MarkStale() => Interlocked.Increment(ref _changes);

    internal async Task RefreshAsync(Func<Task<T>> read)
    {
        while (!IsCurrent)
        {
            var asked = Volatile.Read(ref _changes);
            var value = await read();
            lock (_replacing)
            {
                // A slow reader must not bring back what a later one has replaced.
                if (asked > _read)
                {
                    Volatile.Write(ref _value, value);
                    Volatile.Write(ref _read, asked);
                }
            }
        }
    }
}
