using MudBlazor;

namespace NexLlm.Dashboard.Components.Layout;

/// <summary>The icons used in plain markup: <c>&lt;svg class="icon" aria-hidden="true"&gt;&lt;use href="#i-…" /&gt;&lt;/svg&gt;</c>.</summary>
/// <remarks>
/// MudIcon writes the whole drawing each time, which is too much for fifty rows of a list, and neither static pages nor scripts
/// can use a component. The drawings are MudBlazor's, so that there is only one set.
/// </remarks>
internal static class AppIcons
{
    internal static IReadOnlyList<(string Id, string Drawing)> Symbols { get; } =
    [
        ("i-key", Icons.Material.Outlined.VpnKey),
        ("i-trash", Icons.Material.Outlined.Delete),
        ("i-person", Icons.Material.Outlined.Person),
        ("i-home", Icons.Material.Outlined.SpaceDashboard),
        ("i-list", Icons.Material.Outlined.ListAlt),
        ("i-download", Icons.Material.Outlined.FileDownload),
        ("i-people", Icons.Material.Outlined.People),
        ("i-menu", Icons.Material.Outlined.Menu),
        ("i-close", Icons.Material.Outlined.Close),
        ("i-logout", Icons.Material.Outlined.Logout),
        ("i-sun", Icons.Material.Outlined.LightMode),
        ("i-moon", Icons.Material.Outlined.DarkMode),
        ("i-screen", Icons.Material.Outlined.DesktopWindows),
        ("i-plus", Icons.Material.Outlined.Add),
        ("i-search", Icons.Material.Outlined.Search),
        ("i-copy", Icons.Material.Outlined.ContentCopy),
        ("i-eye", Icons.Material.Outlined.Visibility),
        ("i-edit", Icons.Material.Outlined.Edit),
        ("i-pause", Icons.Material.Outlined.Block),
        ("i-play", Icons.Material.Outlined.PlayCircle),
        ("i-check", Icons.Material.Outlined.Check),
        ("i-clock", Icons.Material.Outlined.Schedule),
        ("i-history", Icons.Material.Outlined.History),
        ("i-warning", Icons.Material.Outlined.WarningAmber),
        ("i-undo", Icons.Material.Outlined.Undo),
        ("i-up", Icons.Material.Outlined.ExpandLess),
        ("i-down", Icons.Material.Outlined.ExpandMore),
        ("i-first", Icons.Material.Outlined.FirstPage),
        ("i-previous", Icons.Material.Outlined.ChevronLeft),
        ("i-next", Icons.Material.Outlined.ChevronRight),
        ("i-last", Icons.Material.Outlined.LastPage),
        ("i-more", Icons.Material.Outlined.MoreHoriz),
        ("i-channel", Icons.Material.Outlined.Hub),
        ("i-group", Icons.Material.Outlined.Layers),
        ("i-chart", Icons.Material.Outlined.BarChart),
    ];
}
