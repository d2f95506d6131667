using NexLlm.Dashboard.Components.Urls;

namespace NexLlm.Dashboard.Components.Search;

/// <summary>The pages of the dashboard with their names and search terms.</summary>
internal static class SearchPages
{
    private static readonly Place[] _all =
    [
        new("Overview", PageUrls.Overview, "home status dashboard"),
        new("API Keys", PageUrls.Keys(), "tokens list"),
        new("Recently deleted", PageUrls.DeletedKeys, "keys restore undo trash"),
        new("Models", PageUrls.Models(), "catalogue catalog gpt claude"),
        new("Usage", PageUrls.Usage(), "statistics cost charts tokens"),
        new("Logs", PageUrls.Logs(), "requests errors rejected"),
        new("Activity log", PageUrls.History(), "history audit changes"),
        new("Your account", PageUrls.Account, "profile sessions quota"),
        new("Passkeys", PageUrls.Passkeys, "security login fingerprint webauthn"),
        new("Accounts", PageUrls.Accounts(), "people users", IsForAdministrators: true),
        new("Channels", PageUrls.Channels(), "providers upstreams", IsForAdministrators: true),
        new("Groups", PageUrls.Groups, "channel ratio price", IsForAdministrators: true),
        new("Create API Key", PageUrls.NewKey(), "new add key", SearchKind.Action),
        new("Change password", PageUrls.ChangePassword, "security", SearchKind.Action),
        new("Invite someone", PageUrls.Invite, "add new account people users", SearchKind.Action, IsForAdministrators: true),
        new("New channel", PageUrls.NewChannel, "add provider", SearchKind.Action, IsForAdministrators: true),
        new("New group", PageUrls.NewGroup, "add channel", SearchKind.Action, IsForAdministrators: true),
    ];

    /// <summary>Matches if each word of the text starts a word of the page. Within a kind, title matches come first.</summary>
    public static IEnumerable<SearchHit> Matching(string text, bool toAdministrator)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return _all.Where(page => (toAdministrator || !page.IsForAdministrators) && Fits($"{page.Title} {page.Words}", words))
            .OrderBy(page => page.Kind).ThenByDescending(page => Fits(page.Title, words))
            .Select(page => new SearchHit(page.Kind, page.Title, null, page.Url));
    }

    private static bool Fits(string of, string[] words) =>
        words.All(word => of.Split(' ').Any(w => w.StartsWith(word, StringComparison.OrdinalIgnoreCase)));

    private sealed record Place(string Title, string Url, string Words, SearchKind Kind = SearchKind.Page, bool IsForAdministrators = false);
}
