namespace NexLlm.Dashboard.Components.Urls;

/// <summary>The parts of a key's page, in their order. Each has an address of its own.</summary>
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

    /// <summary>The last part of the tab's address; that of the overview is not written.</summary>
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

    /// <returns>Null of what is no tab.</returns>
    public static KeyTab? BySlug(string? slug) => All.Cast<KeyTab?>().FirstOrDefault(tab => tab!.Value.Slug() == (slug ?? ""));
}
