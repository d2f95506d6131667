using NexLlm.Dashboard.Keys.Policy;

namespace NexLlm.Dashboard.Keys;

/// <summary>A key's options with related display values, the input of <see cref="KeyOption"/> for texts and the audit.</summary>
public sealed record KeySettings(string Name, KeyPolicy Policy, TokenQuota Quota, string GroupName, decimal GroupRatio);

/// <param name="exact">Formats an instant.</param>
public delegate string OptionWords(KeySettings settings, DateTimeOffset now, Func<DateTimeOffset, string> exact);

/// <summary>How the audit records an option.</summary>
/// <param name="Name">The name of the changed field.</param>
/// <param name="Value">The stored value.</param>
public sealed record AuditedOption(string Name, Func<KeySettings, object?> Value);

/// <summary>A key option, named as in the documentation, with everything that pages, links and the audit share about it.</summary>
/// <param name="Id">The id of its input, the target of links to the setting.</param>
/// <param name="Label">Its name on the screen.</param>
/// <param name="InWords">Its full value, for a complete summary.</param>
/// <param name="Audited">Null if another option's record covers it.</param>
public sealed record KeyOption(string Id, string Label, OptionWords InWords, AuditedOption? Audited)
{
    public static readonly KeyOption Name = new("name", "Name",
        (settings, _, _) => settings.Name,
        new("name", settings => settings.Name));

    public static readonly KeyOption Expiration = new("expiration", "Expiration",
        (settings, now, exact) => settings.Policy.Expiration.At is { } at ? $"{(at <= now ? "Expired" : "Expires")} {exact(at)}" : "Never expires",
        new("expiresAt", settings => settings.Policy.Expiration.At));

    public static readonly KeyOption RemainingQuota = new("quota", "Remaining Quota",
        (settings, _, _) => PolicyInWords.Remaining(settings.Quota),
        new("tokenLimit", settings => settings.Policy.TokenLimit));

    public static readonly KeyOption UnlimitedQuota = new("quota", "Unlimited Quota",
        (settings, _, _) => settings.Quota.Limit is null ? "Enabled" : "Disabled",
        Audited: null);

    public static readonly KeyOption ModelRestrictions = new("models", "Model Restrictions",
        (settings, _, _) => PolicyInWords.InFull(settings.Policy.Models),
        new("models", settings => settings.Policy.Models.ToStored()));

    public static readonly KeyOption IpAllowlist = new("ips", "IP Allowlist",
        (settings, _, _) => PolicyInWords.InFull(settings.Policy.Ips),
        new("ips", settings => settings.Policy.Ips.ToStored()));

    public static readonly KeyOption Group = new("group", "Group",
        (settings, _, _) => $"{settings.GroupName} {PolicyInWords.Ratio(settings.GroupRatio)}",
        new("group", settings => settings.GroupName));

    /// <summary>Ordered as in the documentation.</summary>
    public static IReadOnlyList<KeyOption> All { get; } =
        [Name, Expiration, RemainingQuota, UnlimitedQuota, ModelRestrictions, IpAllowlist, Group];

    /// <summary>The option recorded by the audit under this name; null if there is none.</summary>
    public static KeyOption? OfAudit(string name) => All.FirstOrDefault(option => option.Audited?.Name == name);
}
