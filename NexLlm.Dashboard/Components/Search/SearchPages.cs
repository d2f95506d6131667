using NexLlm.Dashboard.Components.Shared;

namespace NexLlm.Dashboard.Components.Search;

/// <summary>The pages of the program by name, and by other words that people look for.</summary>
internal static class SearchPages
{
    private static readonly Place[] _all =
    [
        new("Overview", PageUrls.Overview, "home status dashboard"),
        new("API Keys", PageUrls.Keys(), "tokens list"),
        new("Create API Key", PageUrls.NewKey(), "new add key"),
        new("Deleted keys", PageUrls.DeletedKeys, "restore undo trash"),
        new("Models", PageUrls.Models(), "catalogue catalog gpt claude"),
        new("Usage", PageUrls.Usage(), "statistics cost charts tokens"),
        new("Logs", PageUrls.Logs(), "requests errors rejected"),
        new("Activity", PageUrls.History(), "history audit changes"),
        new("Account", PageUrls.Account, "profile sessions quota"),
        new("Change password", "account/password", "security"),
        new("Accounts", PageUrls.Accounts(), "people users invite", IsForAdministrators: true),
        new("Channels", PageUrls.Channels(), "providers upstreams", IsForAdministrators: true),
        new("New channel", PageUrls.NewChannel, "add provider", IsForAdministrators: true),
        new("Channel groups", PageUrls.Groups, "ratio price", IsForAdministrators: true),
        new("New group", PageUrls.NewGroup, "add channel", IsForAdministrators: true),
    ];

    /// <summary>Each word of the text begins a word of the page. Pages whose titles say it come first.</summary>
    public static IEnumerable<SearchHit> Matching(string text, bool toAdministrator)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return _all.Where(page => (toAdministrator || !page.IsForAdministrators) && Fits($"{page.Title} {page.Words}", words))
            .OrderByDescending(page => Fits(page.Title, words))
            .Select(page => new SearchHit(SearchKind.Page, page.Title, null, page.Url));
    }

    private static bool Fits(string of, string[] words) =>
        words.All(word => of.Split(' ').Any(w => w.StartsWith(word, StringComparison.OrdinalIgnoreCase)));

    private sealed record Place(string Title, string Url, string Words, bool IsForAdministrators = false);
}
