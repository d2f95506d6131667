using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Components.Urls;

/// <summary>A chip above the list.</summary>
/// <param name="Filter">Its filter.</param>
/// <param name="Slug">Its name in URLs.</param>
/// <param name="Label">Its name on the screen.</param>
public sealed record KeyFilterChip(KeyFilter Filter, string Slug, string Label)
{
    /// <summary>Above this, a chip shows "10,000+".</summary>
    public const int MostCounted = 10_000;

    public static IReadOnlyList<KeyFilterChip> Statuses { get; } =
    [
        new(KeyFilter.All, "all", "All"),
        new(KeyFilter.Active, "active", "Active"),
        new(KeyFilter.Disabled, "disabled", "Disabled"),
        new(KeyFilter.Expired, "expired", "Expired"),
        new(KeyFilter.QuotaExhausted, "quota-exhausted", "Quota exhausted"),
        new(KeyFilter.ExpiresSoon, "expires-soon", "Expires soon"),
    ];

    public static IReadOnlyList<KeyFilterChip> Risks { get; } =
    [
        new(KeyFilter.NeverExpires, "never-expires", "Never expires"),
        new(KeyFilter.Unlimited, "unlimited", "Unlimited"),
        new(KeyFilter.AnyIp, "any-ip", "Any IP"),
        new(KeyFilter.Unused, "unused", "Unused 90 days"),
    ];

    public static KeyFilter BySlug(string? slug) =>
        Statuses.Concat(Risks).FirstOrDefault(chip => chip.Slug == slug)?.Filter ?? KeyFilter.All;

    public static string SlugOf(KeyFilter filter) => Statuses.Concat(Risks).First(chip => chip.Filter == filter).Slug;

    public static string Count(int count) =>
        count > MostCounted ? FormattableString.Invariant($"{MostCounted:N0}+") : FormattableString.Invariant($"{count:N0}");
}
