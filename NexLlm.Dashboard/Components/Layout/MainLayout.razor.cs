using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Components.Shared;

namespace NexLlm.Dashboard.Components.Layout;

public sealed partial class MainLayout
{
    private static readonly (string Label, string Url, string Icon, string? Css)[] _places =
    [
        ("API Keys", PageUrls.Keys(), "#i-key", null),
        ("Recently deleted", PageUrls.DeletedKeys, "#i-trash", "sub"),
        ("History", PageUrls.History(), "#i-clock", null),
        ("Accounts", PageUrls.Accounts(), "#i-person", null),
        ("Account", PageUrls.Account, "#i-person", null),
    ];

    private CalmErrorBoundary? _boundary;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    /// <summary>Where in the navigation this page belongs; a key's own pages belong to the keys.</summary>
    private string? Place
    {
        get
        {
            var path = Navigation.ToBaseRelativePath(Navigation.Uri).Split('?', '#')[0];
            return _places.Select(place => place.Url).Where(url => path == url || path.StartsWith(url + "/", StringComparison.Ordinal)).MaxBy(url => url.Length);
        }
    }

    // Another page may work where this one failed.
    protected override void OnParametersSet() => _boundary?.Recover();
}
