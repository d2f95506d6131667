using System.Net;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Gateway.Errors;
using NexLlm.Dashboard.Gateway.Settings;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Gateway.Buffers;

/// <summary>
/// The memory budget for request bodies: one for the server, with a share per account and per client address so that no one can
/// exhaust it. Bytes are reserved before they are allocated and returned when the request ends.
/// </summary>
internal sealed class BodyMemoryBudget(IOptions<GatewayOptions> options, TimeProvider clock)
{
    /// <summary>Addresses are hashed to this many counters. Colliding addresses share a counter, so none has to be tracked or removed.</summary>
    private const int Slots = 4_096;

    /// <summary>The hold times of smaller bodies don't predict how long a large one waits for memory.</summary>
    private const long WorthTiming = 64 * 1_024;

    private static readonly TimeSpan _longestWait = TimeSpan.FromMinutes(1);

    private readonly long _most = options.Value.BodyMemory;
    private readonly long _mostPerAccount = options.Value.BodyMemoryPerAccount;
    private readonly long _mostPerAddress = options.Value.BodyMemoryPerAddress;
    private readonly long[] _byAddress = new long[Slots];
    private long _held;
    private long _usualHold = TimeSpan.TicksPerSecond;

    /// <summary>The bytes reserved and not yet returned.</summary>
    public long Held => Volatile.Read(ref _held);

    /// <summary>How long a large body was typically held recently, which is when memory is expected to be free.</summary>
    private TimeSpan Wait => TimeSpan.FromTicks(Math.Clamp(Volatile.Read(ref _usualHold), TimeSpan.TicksPerSecond, _longestWait.Ticks));

    public BodyMemoryLease Open(LiveAccount account, IPAddress? address) => new(this, account, SlotOf(address), clock.GetTimestamp());

    /// <returns>Null if the bytes were reserved.</returns>
    internal Rejection? Take(in BodyMemoryLease hold, long bytes)
    {
        if (hold.Bytes + bytes > Math.Min(_mostPerAccount, _mostPerAddress))
        {
            return Rejection.For(Verdict.RequestTooLarge);
        }

        if (Interlocked.Add(ref hold.Account!.BodyBytes, bytes) > _mostPerAccount)
        {
            Interlocked.Add(ref hold.Account.BodyBytes, -bytes);
            return BusyRejection.ShareTaken("account", Wait);
        }

        if (Interlocked.Add(ref _byAddress[hold.Slot], bytes) > _mostPerAddress)
        {
            Interlocked.Add(ref hold.Account.BodyBytes, -bytes);
            Interlocked.Add(ref _byAddress[hold.Slot], -bytes);
            return BusyRejection.ShareTaken("IP address", Wait);
        }

        if (Interlocked.Add(ref _held, bytes) > _most)
        {
            Give(hold, bytes);
            return BusyRejection.ServerBusy(Wait);
        }

        return null;
    }

    internal void Give(in BodyMemoryLease hold, long bytes)
    {
        Interlocked.Add(ref hold.Account!.BodyBytes, -bytes);
        Interlocked.Add(ref _byAddress[hold.Slot], -bytes);
        Interlocked.Add(ref _held, -bytes);
    }

    internal void Ended(in BodyMemoryLease hold)
    {
        if (hold.Bytes >= WorthTiming)
        {
            var usual = Volatile.Read(ref _usualHold);
            // Concurrent updates may lose a sample, which doesn't matter for an average.
            Volatile.Write(ref _usualHold, usual + ((clock.GetElapsedTime(hold.OpenedAt).Ticks - usual) / 8));
        }
    }

    private static int SlotOf(IPAddress? address)
    {
        if (address is null)
        {
            return 0;
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        // A client with one IPv6 address usually controls its whole /64.
        var unit = length == 4 ? bytes[..4] : address.IsIPv4MappedToIPv6 ? bytes[12..] : bytes[..8];
        var hash = new HashCode();
        hash.AddBytes(unit);
        return (int)((uint)hash.ToHashCode() % Slots);
    }
}
