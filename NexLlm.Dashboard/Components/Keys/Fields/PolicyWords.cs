using System.Globalization;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Components.Keys.Fields;

/// <summary>The value of each field in full, for a summary where nothing may be left out.</summary>
internal static class PolicyWords
{
    public const string NoKeyLimit = "No key limit";

    /// <summary>Every field in the documentation's order.</summary>
    public static IReadOnlyList<(KeyField Field, string Label, string Value)> All(
        string name, KeyPolicy policy, TokenQuota quota, string groupName, decimal groupRatio, UserClock clock) =>
    [
        (KeyField.Name, "Name", name),
        (KeyField.Expiration, "Expiration", Expiration(policy.Expiration, clock)),
        (KeyField.RemainingQuota, "Remaining Quota", RemainingQuota(quota)),
        (KeyField.RemainingQuota, "Unlimited Quota", quota.Limit is null ? "Enabled" : "Disabled"),
        (KeyField.ModelRestrictions, "Model Restrictions", Models(policy.Models)),
        (KeyField.IpAllowlist, "IP Allowlist", Ips(policy.Ips)),
        (KeyField.Group, "Group", $"{groupName} {Ratio(groupRatio)}"),
    ];

    public static IReadOnlyList<(KeyField Field, string Label, string Value)> All(KeyDetails key, UserClock clock) =>
        All(key.Name, key.Policy, key.Quota, key.GroupName, key.GroupRatio, clock);

    public static string Expiration(Expiration expiration, UserClock clock) =>
        expiration.At is { } at ? $"{(at <= clock.Now ? "Expired" : "Expires")} {clock.Exact(at)}" : "Never expires";

    public static string RemainingQuota(TokenQuota quota) =>
        quota is { Remaining: { } left, Limit: { } limit }
            ? quota.Used == 0 ? TokenQuota.InWords(left) : $"{TokenQuota.InWords(left)} of {TokenQuota.InWords(limit)}"
            : NoKeyLimit;

    public static string Models(ModelRestriction models) => models switch
    {
        { IsUnrestricted: true } => "All available models",
        { DeniesAll: true } => "No models",
        _ => string.Join(", ", models.Models),
    };

    public static string Ips(IpAllowlist ips) => ips switch
    {
        { IsUnrestricted: true } => "Any IP address",
        { DeniesAll: true } => "No IP address",
        _ => string.Join(", ", ips.Ranges),
    };

    public static string Ratio(decimal ratio) => string.Create(CultureInfo.InvariantCulture, $"×{ratio:0.0#####}");

    public static string Count(int count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {noun}{(count == 1 ? "" : "s")}");
}
