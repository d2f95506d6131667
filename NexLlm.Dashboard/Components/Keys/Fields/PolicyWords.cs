using System.Globalization;
using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Components.Keys.Fields;

/// <summary>The value of each field in full, for a summary where nothing may be left out.</summary>
internal static class PolicyWords
{
    public static string Expiration(Expiration expiration, TimeZoneInfo zone) =>
        expiration.At is { } at ? $"Stops working on {Instants.InZoneAndUtc(at, zone)}" : "Never expires";

    public static string RemainingQuota(TokenQuota quota) =>
        quota.Remaining is { } left ? TokenQuota.InWords(left) : "No limit of its own";

    public static string UnlimitedQuota(long? limit) => limit is null ? "On" : "Off";

    public static string Models(ModelRestriction models) => models switch
    {
        { IsUnrestricted: true } => "All models of the group",
        { DeniesAll: true } => "No model",
        _ => string.Join(", ", models.Models),
    };

    public static string Ips(IpAllowlist ips) => ips switch
    {
        { IsUnrestricted: true } => "Any address",
        { DeniesAll: true } => "No address",
        _ => string.Join(", ", ips.Ranges),
    };

    public static string Group(string name, decimal ratio) => $"{name} {Ratio(ratio)}";

    public static string Ratio(decimal ratio) => string.Create(CultureInfo.InvariantCulture, $"×{ratio:0.0#####}");

    public static string Count(int count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {noun}{(count == 1 ? "" : "s")}");
}
