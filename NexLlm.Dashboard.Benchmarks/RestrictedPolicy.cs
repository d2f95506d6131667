using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Benchmarks;

/// <summary>A policy with every kind of restriction, all of which calls from this machine pass: the most that a key can cost.</summary>
internal static class RestrictedPolicy
{
    /// <summary>More than any run uses.</summary>
    public const long TokenLimit = 1_000_000_000_000;

    public static KeyPolicy Of(IEnumerable<string> models, long groupId, DateTimeOffset now) => new(
        new Expiration(now.AddYears(1)), TokenLimit, ModelRestriction.Only(models), Addresses(), groupId);

    private static IpAllowlist Addresses() =>
        IpAllowlist.TryParse("203.0.113.0/24, 2001:db8::/32, 127.0.0.1", out var ips, out var errors)
            ? ips
            : throw new InvalidOperationException(string.Join(' ', errors));
}
