using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Components.Shared;

namespace NexLlm.Dashboard.Components.Layout;

public sealed partial class MainNavigation(AccountService accounts, Person person)
{
    private static readonly Place[] _places =
    [
        new("Overview", PageUrls.Overview, "#i-home"),
        new("API Keys", PageUrls.Keys(), "#i-key"),
        new("Recently deleted", PageUrls.DeletedKeys, "#i-trash", "sub"),
        new("Usage", PageUrls.Usage(), "#i-chart"),
        new("Logs", PageUrls.Logs(), "#i-list"),
        new("History", PageUrls.History(), "#i-clock"),
        new("Account", PageUrls.Account, "#i-person"),
        new("Accounts", PageUrls.Accounts(), "#i-people", ForAdministrators: true),
        new("Channels", PageUrls.Channels(), "#i-channel", ForAdministrators: true),
        new("Groups", PageUrls.Groups, "#i-group", ForAdministrators: true),
    ];

    private bool _isAdministrator;

    /// <summary>Of the page, relative to the base address.</summary>
    [Parameter, EditorRequired]
    public required string Path { get; set; }

    /// <summary>Where in the navigation this page belongs; a key's own pages belong to the keys.</summary>
    private string? Here =>
        _places.Select(place => place.Url).Where(url => Path == url || Path.StartsWith(url + "/", StringComparison.Ordinal)).MaxBy(url => url.Length);

    protected override async Task OnInitializedAsync()
    {
        try
        {
            _isAdministrator = (await accounts.GetAsync(await person.ActorAsync())).IsAdministrator;
        }
        catch (AccessDeniedException)
        {
            // The page itself leads to the log-in page.
        }
    }

    /// <param name="Css">Null for a place of its own, "sub" for one that belongs to the place above.</param>
    /// <param name="ForAdministrators">Nobody else sees it; that nobody else may use it is the services' business.</param>
    private sealed record Place(string Label, string Url, string Icon, string? Css = null, bool ForAdministrators = false);
}
