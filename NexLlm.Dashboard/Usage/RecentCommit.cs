using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Usage;

/// <summary>For a moment, a commit proves that the next one will succeed too, unless the disk may be full by then.</summary>
internal sealed class RecentCommit(TimeProvider clock, IDatabaseEngine engine)
{
    private static readonly TimeSpan _validity = TimeSpan.FromMilliseconds(250);

    private volatile bool _isSpaceLow;

    // Long ago, so the first request waits until the file is known to be writable.
    private long _committedAt = clock.GetTimestamp() - (clock.TimestampFrequency * 3600);

    public bool IsProof => !_isSpaceLow && clock.GetElapsedTime(Volatile.Read(ref _committedAt)) < _validity;

    public void Renew()
    {
        _isSpaceLow = engine.IsSpaceLow();
        Volatile.Write(ref _committedAt, clock.GetTimestamp());
    }
}
