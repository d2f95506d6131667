using System.Globalization;
using System.Net;

namespace NexLlm.Dashboard.Keys.Policy;

/// <summary>The caller, its address and the time.</summary>
/// <param name="Address">The client's address; null if unknown.</param>
public readonly record struct CallerFacts(KeySnapshot Key, AccountSnapshot Account, IPAddress? Address, DateTimeOffset Now);

/// <summary>Checks whether the key can be used at all, at this time and from this address.</summary>
internal static class CallerChecks
{
    public static readonly Check<CallerFacts> KeyEnabled = new(Verdict.KeyDisabled,
        (in facts) => facts.Key.Enabled,
        (in _, passed) => passed ? "The key is enabled." : "The key is disabled.");

    public static readonly Check<CallerFacts> NotExpired = new(Verdict.KeyExpired,
        (in facts) => !facts.Key.Policy.Expiration.IsOver(facts.Now),
        (in facts, passed) => (facts.Key.Policy.Expiration.At, passed) switch
        {
            (null, _) => "The key never expires.",
            ({ } at, true) => $"The key expires at {Utc(at)}.",
            ({ } at, false) => $"The key expired at {Utc(at)}.",
        });

    public static readonly Check<CallerFacts> AccountActive = new(Verdict.AccountDisabled,
        (in facts) => facts.Account.Active,
        (in _, passed) => passed ? "The account is active." : "The account is disabled.");

    public static readonly Check<CallerFacts> AddressAllowed = new(Verdict.IpNotAuthorized,
        (in facts) => facts.Key.Policy.Ips.Contains(facts.Address),
        (in facts, passed) => (facts.Address, passed) switch
        {
            _ when facts.Key.Policy.Ips.IsUnrestricted => "Any IP address is allowed.",
            (null, _) => "The client's IP address is unknown, so it isn't on the IP allowlist.",
            ({ } address, true) => $"{IpRange.Of(address)} is on the IP allowlist.",
            ({ } address, false) => $"{IpRange.Of(address)} isn't on the IP allowlist.",
        });

    private static string Utc(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
