using System.Collections.Concurrent;
using System.Net;
using NexLlm.Dashboard.Settings;

namespace NexLlm.Dashboard.Accounts.LogIn;

/// <summary>The rate limit of an operation per IP address: a burst, then one more per interval.</summary>
public sealed record AddressAllowance(string Purpose, int Burst, TimeSpan Interval)
{
    public static AddressAllowance LogIn { get; } = new("log in", 20, TimeSpan.FromSeconds(3));

    /// <summary>Login from one browser in which the account has logged in before.</summary>
    public static AddressAllowance KnownBrowser { get; } = new("log in, known browser", 20, TimeSpan.FromSeconds(3));

    /// <summary>Entries that are only validated and may be wrong.</summary>
    public static AddressAllowance Entries { get; } = new("entries", 60, TimeSpan.FromSeconds(1));

    public static AddressAllowance SignUp { get; } = new("sign up", 10, TimeSpan.FromMinutes(6));

    public static AddressAllowance SetUp { get; } = new("set up", 60, TimeSpan.FromSeconds(1));

    public static AddressAllowance SecondFactor { get; } = new("second factor", 60, TimeSpan.FromSeconds(1));

    public static AddressAllowance Passkey { get; } = new("passkey", 20, TimeSpan.FromSeconds(3));

    /// <summary>Requested automatically by the login page to offer passkeys in its field.</summary>
    public static AddressAllowance PasskeyQuestion { get; } = new("passkey question", 60, TimeSpan.FromSeconds(1));

    /// <summary>Redirects to an OpenID provider and back.</summary>
    public static AddressAllowance SingleSignOn { get; } = new("single sign-on", 60, TimeSpan.FromSeconds(1));

    /// <summary>Logouts reported by a provider, which can come in large numbers at the end of a day.</summary>
    public static AddressAllowance BackChannelLogOut { get; } = new("back-channel log-out", 600, TimeSpan.FromMilliseconds(100));

    public static AddressAllowance OneTimeLink { get; } = new("one-time link", 60, TimeSpan.FromSeconds(1));
}

/// <summary>The inexpensive in-memory limit before all password hashing.</summary>
public sealed class AddressLimiter(TimeProvider clock)
{
    private const int PruneAbove = 10_000;

    // The time at which each address has its full allowance again (generic cell rate algorithm).
    private readonly ConcurrentDictionary<(string Purpose, string Who), DateTimeOffset> _fullAt = new();

    /// <returns>Null if the operation is allowed; otherwise the time to wait.</returns>
    public TimeSpan? Take(AddressAllowance allowance, IPAddress? address) => Take(allowance, ClientNetwork.Of(address));

    /// <summary>The same for a known browser, regardless of its address.</summary>
    public TimeSpan? Take(AddressAllowance allowance, Guid browser) => Take(allowance, browser.ToString("N"));

    private TimeSpan? Take(AddressAllowance allowance, string who)
    {
        var now = clock.GetUtcNow();
        var burst = allowance.Interval * allowance.Burst;
        TimeSpan? wait = null;
        _fullAt.AddOrUpdate(
            (allowance.Purpose, who),
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
