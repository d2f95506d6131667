using System.Net;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Settings;

namespace NexLlm.Dashboard.Receiving;

/// <summary>
/// The combined rate at which the server receives large bodies. The system spends about a millisecond of processor time on each
/// megabyte, which other requests then lack. Above the rate, a body waits in the lane of its account, or of its address if the
/// account is unknown, and lanes take turns. The client's own system then stops sending.
/// </summary>
internal sealed class BodyRateLimiter : IDisposable
{
    /// <summary>The first bytes of a body never wait, so ordinary requests are unaffected.</summary>
    public const int Free = 256 * 1_024;

    /// <summary>The burst allowed after a pause, as the time it makes up for.</summary>
    private static readonly TimeSpan _burst = TimeSpan.FromMilliseconds(50);

    /// <summary>Smaller steps would cost more than they smooth out.</summary>
    private static readonly TimeSpan _step = TimeSpan.FromMilliseconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<long, Queue<Part>> _lanes = [];
    private readonly Queue<long> _turns = [];
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;
    private readonly double _perSecond;

    // In bytes; negative after a part larger than the available room.
    private double _room;
    private long _since;

    public BodyRateLimiter(IOptions<ServerOptions> server, TimeProvider clock)
    {
        _clock = clock;
        _perSecond = server.Value.BodyRate;
        _room = Most;
        _since = clock.GetTimestamp();
        _timer = clock.CreateTimer(_ => Step(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The number of lanes with waiting bodies.</summary>
    public int Lanes
    {
        get
        {
            lock (_gate)
            {
                return _lanes.Count;
            }
        }
    }

    private double Most => _perSecond * _burst.TotalSeconds;

    public static long LaneOf(long accountId) => accountId;

    /// <summary>Addresses are hashed, so colliding ones share a lane.</summary>
    public static long LaneOf(IPAddress? address) => -1L - (uint)ClientNetwork.Of(address).GetHashCode();

    /// <summary>Call this with the bytes received before receiving more.</summary>
    /// <returns>A task that completes when more may be received.</returns>
    public ValueTask PassAsync(long lane, long bytes)
    {
        lock (_gate)
        {
            Earn();
            if (_turns.Count == 0 && _room > 0)
            {
                _room -= bytes;
                return default;
            }

            if (!_lanes.TryGetValue(lane, out var own))
            {
                _lanes[lane] = own = new Queue<Part>();
                if (_turns.Count == 0)
                {
                    _timer.Change(_step, _step);
                }

                _turns.Enqueue(lane);
            }

            var part = new Part(bytes);
            own.Enqueue(part);
            return new(part.Passed.Task);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Step()
    {
        lock (_gate)
        {
            Earn();
            while (_room > 0 && _turns.TryDequeue(out var lane))
            {
                var own = _lanes[lane];
                var part = own.Dequeue();
                if (own.Count > 0)
                {
                    _turns.Enqueue(lane);
                }
                else
                {
                    _lanes.Remove(lane);
                }

                _room -= part.Bytes;
                part.Passed.SetResult();
            }

            if (_turns.Count == 0)
            {
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void Earn()
    {
        var now = _clock.GetTimestamp();
        _room = Math.Min(Most, _room + (_perSecond * _clock.GetElapsedTime(_since, now).TotalSeconds));
        _since = now;
    }

    private sealed record Part(long Bytes)
    {
        public TaskCompletionSource Passed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
