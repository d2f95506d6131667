using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace NexLlm.Dashboard.Accounts.LogIn;

/// <summary>How often one address may do something: a burst, then one more after each interval.</summary>
public sealed record AddressAllowance(string Purpose, int Burst, TimeSpan Interval)
{
    public static AddressAllowance LogIn { get; } = new("log in", 20, TimeSpan.FromSeconds(3));

    public static AddressAllowance SignUp { get; } = new("sign up", 10, TimeSpan.FromMinutes(6));

    public static AddressAllowance SetUp { get; } = new("set up", 60, TimeSpan.FromSeconds(1));

    public static AddressAllowance OneTimeLink { get; } = new("one-time link", 60, TimeSpan.FromSeconds(1));
}

/// <summary>
/// The cheap limit in front of everything that hashes passwords, in memory only. An IPv6 customer has a whole /64, so
/// that counts as one address.
/// </summary>
public sealed class AddressLimiter(TimeProvider clock)
{
    private const int PruneAbove = 10_000;

    // For each address, the instant at which its allowance is full again (the generic cell rate algorithm).
    private readonly ConcurrentDictionary<(string Purpose, string Network), DateTimeOffset> _fullAt = new();

    /// <returns>Null if it may; else after what time it may again.</returns>
    public TimeSpan? Take(AddressAllowance allowance, IPAddress? address)
    {
        var now = clock.GetUtcNow();
        var burst = allowance.Interval * allowance.Burst;
        TimeSpan? wait = null;
        _fullAt.AddOrUpdate(
            (allowance.Purpose, Network(address)),
            _ => now + allowance.Interval,
            (_, full) =>
            {
                var next = (full > now ? full : now) + allowance.Interval;
                wait = next - now > burst ? next - now - burst : null;
                return wait is null ? next : full;
            });
        Prune(now);
        return wait;
    }

    private static string Network(IPAddress? address) => address switch
    {
        null => "unknown",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)),
        _ => address.ToString(),
    };

    private void Prune(DateTimeOffset now)
    {
        if (_fullAt.Count > PruneAbove)
        {
            foreach (var entry in _fullAt.Where(e => e.Value <= now))
            {
                _fullAt.TryRemove(entry);
            }
        }
    }
}
