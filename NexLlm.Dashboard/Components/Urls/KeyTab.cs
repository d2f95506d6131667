namespace NexLlm.Dashboard.Components.Urls;

/// <summary>The tabs of a key's page, in order. Each has its own URL.</summary>
public enum KeyTab
{
    Overview,
    Usage,
    Logs,
    Activity,
    AccessCheck,
    Settings,
}

public static class KeyTabs
{
    public static IReadOnlyList<KeyTab> All { get; } = Enum.GetValues<KeyTab>();

    /// <summary>The last segment of the tab's URL; omitted for the overview.</summary>
    public static string Slug(this KeyTab tab) => tab switch
    {
        KeyTab.Overview => "",
        KeyTab.Usage => "usage",
        KeyTab.Logs => "logs",
        KeyTab.Activity => "activity",
        KeyTab.AccessCheck => "explain",
        KeyTab.Settings => "edit",
    };

    public static string Label(this KeyTab tab) => tab is KeyTab.AccessCheck ? "Access check" : tab.ToString();

    /// <returns>Null if there is no such tab.</returns>
    public static KeyTab? BySlug(string? slug) => All.Cast<KeyTab?>().FirstOrDefault(tab => tab!.Value.Slug() == (slug ?? ""));
}
