namespace NexLlm.Dashboard.Data;

/// <summary>
/// An in-memory copy of a row. The value is immutable and replaced as a whole. A stale copy is reloaded before its next use; a read
/// overtaken by a change is discarded and repeated.
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
                // A slow read must not overwrite the result of a later one.
                if (asked > _read)
                {
                    Volatile.Write(ref _value, value);
                    Volatile.Write(ref _read, asked);
                }
            }
        }
    }
}
