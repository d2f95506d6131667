using System.Globalization;

namespace NexLlm.Dashboard.Keys.Policy;

/// <summary>A policy as its owner would say it, one line a matter.</summary>
public static class PolicyInWords
{
    private const int ModelsNamed = 3;

    public static IReadOnlyList<string> Describe(KeyPolicy policy, string groupName, decimal groupRatio, TimeZoneInfo zone) =>
    [
        Models(policy.Models),
        Ips(policy.Ips),
        Until(policy.Expiration, zone),
        policy.TokenLimit is { } limit ? $"Spend up to {TokenQuota.InWords(limit)}" : "Spend what the account has",
        groupRatio == 1 ? $"Through group {groupName}" : Invariant($"Through group {groupName}, each token counted ×{groupRatio:0.######}"),
    ];

    private static string Models(ModelRestriction models) => models switch
    {
        { IsUnrestricted: true } => "Call every model of the group",
        { DeniesAll: true } => "Call no model",
        { Models: var ids } when ids.Count <= ModelsNamed => $"Call {Listed(ids)}",
        { Models: var ids } => Invariant($"Call {string.Join(", ", ids.Take(ModelsNamed))} and {ids.Count - ModelsNamed} more"),
    };

    private static string Ips(IpAllowlist ips) => ips switch
    {
        { IsUnrestricted: true } => "From any address",
        { DeniesAll: true } => "From no address",
        { Ranges: [var only] } => $"From {only}",
        { Ranges: var ranges } => Invariant($"From {ranges.Count} {(ranges.All(range => range.IsSingleAddress) ? "addresses" : "networks")}"),
    };

    private static string Until(Expiration expiration, TimeZoneInfo zone) => (expiration.LastDay(zone), expiration.At) switch
    {
        (_, null) => "Without an end date",
        ({ } day, _) => Invariant($"Until {day:d MMMM yyyy}"),
        (null, { } at) => Invariant($"Until {TimeZoneInfo.ConvertTime(at, zone):d MMMM yyyy, HH:mm} ({zone.Id})"),
    };

    private static string Listed(IReadOnlyList<string> ids) => ids switch
    {
        [.., var last] when ids.Count > 1 => $"{string.Join(", ", ids.SkipLast(1))} and {last}",
        _ => ids[0],
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
