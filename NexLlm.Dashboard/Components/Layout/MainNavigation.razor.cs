using Microsoft.AspNetCore.Components;
using MudBlazor;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Accounts.Profile;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Components.Urls;

namespace NexLlm.Dashboard.Components.Layout;

public sealed partial class MainNavigation(AccountService accounts, AccountChanges changes, CurrentUser user, ILogger<MainNavigation> log) : LivePage(log)
{
    private static readonly Place[] _places =
    [
        new("Overview", PageUrls.Overview, Icons.Material.Outlined.SpaceDashboard),
        new("API Keys", PageUrls.Keys(), Icons.Material.Outlined.VpnKey),
        new("Recently deleted", PageUrls.DeletedKeys, Icons.Material.Outlined.Delete, "sub"),
        new("Models", PageUrls.Models(), Icons.Material.Outlined.Category),
        new("Usage", PageUrls.Usage(), Icons.Material.Outlined.BarChart),
        new("Logs", PageUrls.Logs(), Icons.Material.Outlined.ListAlt),
        new("Activity log", PageUrls.History(), Icons.Material.Outlined.History),
        new("Accounts", PageUrls.Accounts(), Icons.Material.Outlined.People, ForAdministrators: true),
        new("Channels", PageUrls.Channels(), Icons.Material.Outlined.Hub, ForAdministrators: true),
        new("Groups", PageUrls.Groups, Icons.Material.Outlined.Layers, ForAdministrators: true),
    ];

    private bool _isAdministrator;
    private long? _accountId;

    /// <summary>The page's URL, relative to the base address.</summary>
    [Parameter, EditorRequired]
    public required string Path { get; set; }

    /// <summary>The navigation item of the current page; a key's own pages belong to the keys.</summary>
    private string? Here =>
        _places.Select(place => place.Url).Where(url => Path == url || Path.StartsWith(url + "/", StringComparison.Ordinal)).MaxBy(url => url.Length);

    /// <summary>The icon of a page by its URL; null if it is not in the navigation.</summary>
    public static string? IconOf(string url) => _places.FirstOrDefault(place => place.Url == url)?.Icon;

    protected override Task OnInitializedAsync() => ReadAsync();

    /// <summary>Shows a change of role immediately.</summary>
    protected override void Listen() => Own(changes.Subscribe(account =>
    {
        if (account == _accountId)
        {
            _ = RefreshAsync();
        }
    }));

    protected override async Task ReadAsync()
    {
        try
        {
            var own = await accounts.GetAsync(await user.ActorAsync());
            (_accountId, _isAdministrator) = (own.Id, own.IsAdministrator);
        }
        catch (AccessDeniedException)
        {
            // The page itself redirects to the log-in page.
        }
    }

    /// <param name="Css">Null for a top-level item, "sub" for a child of the item above.</param>
    /// <param name="ForAdministrators">Whether it is hidden from everyone else; access is enforced by the services.</param>
    private sealed record Place(string Label, string Url, string Icon, string? Css = null, bool ForAdministrators = false);
}
