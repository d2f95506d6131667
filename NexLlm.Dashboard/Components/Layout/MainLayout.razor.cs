using Microsoft.AspNetCore.Components;

namespace NexLlm.Dashboard.Components.Layout;

public sealed partial class MainLayout
{
    private CalmErrorBoundary? _boundary;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    private string Path => Navigation.ToBaseRelativePath(Navigation.Uri).Split('?', '#')[0];

    // Another page may work where this one failed.
    protected override void OnParametersSet() => _boundary?.Recover();
}
