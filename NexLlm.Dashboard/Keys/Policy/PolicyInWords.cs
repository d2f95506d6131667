using System.Globalization;

namespace NexLlm.Dashboard.Keys.Policy;

/// <summary>A policy in plain words: one line per option, or the full value of each.</summary>
public static class PolicyInWords
{
    public const string NoKeyLimit = "No key limit";

    private const int ModelsNamed = 3;

    public static IReadOnlyList<string> Describe(KeyPolicy policy, string groupName, decimal groupRatio, TimeZoneInfo zone) =>
    [
        Models(policy.Models),
        Ips(policy.Ips),
        Until(policy.Expiration, zone),
        policy.TokenLimit is { } limit ? $"Up to {TokenQuota.InWords(limit)}" : "Uses the account's overall quota",
        groupRatio == 1 ? $"Group: {groupName}" : $"Group: {groupName} ({Charged(groupRatio)})",
    ];

    /// <summary>The meaning of a group's ratio.</summary>
    public static string Charged(decimal groupRatio) => Invariant($"1 token is charged as {groupRatio:0.######}");

    public static string Ratio(decimal ratio) => Invariant($"×{ratio:0.0#####}");

    public static string Remaining(TokenQuota quota) =>
        quota is { Remaining: { } left, Limit: { } limit }
            ? quota.Used == 0 ? TokenQuota.InWords(left) : $"{TokenQuota.InWords(left)} of {TokenQuota.InWords(limit)}"
            : NoKeyLimit;

    public static string InFull(ModelRestriction models) => models switch
    {
        { IsUnrestricted: true } => "All available models",
        { DeniesAll: true } => "No models",
        _ => string.Join(", ", models.Models),
    };

    public static string InFull(IpAllowlist ips) => ips switch
    {
        { IsUnrestricted: true } => "Any IP address",
        { DeniesAll: true } => "No IP address",
        _ => string.Join(", ", ips.Ranges),
    };

    private static string Models(ModelRestriction models) => models switch
    {
        { IsUnrestricted: true } => "All available models",
        { DeniesAll: true } => "No models",
        { Models: var ids } when ids.Count <= ModelsNamed => $"Only {Listed(ids)}",
        { Models: var ids } => Invariant($"Only {string.Join(", ", ids.Take(ModelsNamed))} and {ids.Count - ModelsNamed} more"),
    };

    private static string Ips(IpAllowlist ips) => ips switch
    {
        { IsUnrestricted: true } => "Any IP address",
        { DeniesAll: true } => "No IP address",
        { Ranges: [var only] } => $"Only from {only}",
        { Ranges: var ranges } => Invariant($"Only from {ranges.Count} IP {(ranges.All(range => range.IsSingleAddress) ? "addresses" : "ranges")}"),
    };

    private static string Until(Expiration expiration, TimeZoneInfo zone) => (expiration.LastDay(zone), expiration.At) switch
    {
        (_, null) => "Never expires",
        ({ } day, _) => Invariant($"Valid through {day:d MMMM yyyy}"),
        (null, { } at) => Invariant($"Expires {TimeZoneInfo.ConvertTime(at, zone):d MMMM yyyy, HH:mm} ({zone.Id})"),
    };

    private static string Listed(IReadOnlyList<string> ids) => ids switch
    {
        [.., var last] when ids.Count > 1 => $"{string.Join(", ", ids.SkipLast(1))} and {last}",
        _ => ids[0],
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
