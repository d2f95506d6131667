using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Usage;

/// <summary>A commit proves for a moment that the next one will work too, unless the disk may be full by then.</summary>
internal sealed class RecentCommit(TimeProvider clock, string folder)
{
    private static readonly TimeSpan _validity = TimeSpan.FromMilliseconds(250);

    private readonly FreeSpace _space = new(folder);
    private volatile bool _isSpaceLow;

    // Long ago: the first request waits to see that the file can be written.
    private long _committedAt = clock.GetTimestamp() - (clock.TimestampFrequency * 3600);

    public bool IsProof => !_isSpaceLow && clock.GetElapsedTime(Volatile.Read(ref _committedAt)) < _validity;

    public void Renew()
    {
        _isSpaceLow = _space.IsLow();
        Volatile.Write(ref _committedAt, clock.GetTimestamp());
    }
}
