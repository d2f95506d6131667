using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Components.Urls;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Components.Search;

/// <summary>The command palette's results for a text: pages, and objects by name.</summary>
public sealed class CommandSearch(QuickSearch things, KeyPolicyService keys)
{
    /// <summary>The maximum number of results per kind.</summary>
    public const int Most = QuickSearch.Most;

    /// <summary>
    /// Results by kind, in the order of <see cref="SearchKind"/>, at most <see cref="Most"/> of each. Blank text returns all
    /// pages.
    /// </summary>
    /// <param name="text">As typed; a whole key is recognized if the actor can see it.</param>
    /// <exception cref="AccessDeniedException">The actor's session has ended.</exception>
    public async Task<IReadOnlyList<SearchHit>> FindAsync(Actor actor, string? text, CancellationToken cancellation = default)
    {
        var typed = (text ?? "").Trim();
        var found = await things.FindAsync(actor, typed, cancellation);
        var pasted = KeySecret.TryParse(typed, out _) ? await keys.RecogniseAsync(actor, typed, cancellation) : null;
        return
        [
            .. SearchPages.Matching(typed, found.IsAdministrator).Take(typed.Length == 0 ? int.MaxValue : Most),
            // A deleted key that can still be restored has no page of its own.
            .. pasted is null ? [] : (SearchHit[])[new(SearchKind.Key, pasted.Name, pasted.DisplayForm, pasted.DeletedAt is null ? PageUrls.Key(pasted.Id) : PageUrls.DeletedKeys)],
            .. found.Keys.Select(k => new SearchHit(SearchKind.Key, k.Name, k.Detail, PageUrls.Key(k.Id))),
            .. found.Accounts.Select(a => new SearchHit(SearchKind.Account, a.Name, a.Detail, PageUrls.AccountOf(a.Id))),
            .. found.Channels.Select(c => new SearchHit(SearchKind.Channel, c.Name, c.Detail, PageUrls.Channel(c.Id))),
            .. found.Groups.Select(g => new SearchHit(SearchKind.Group, g.Name, g.Detail, PageUrls.Group(g.Id))),
        ];
    }
}

/// <summary>A result of the command palette.</summary>
/// <param name="Detail">Additional identification; null if there is none.</param>
/// <param name="Url">Relative to the base address.</param>
public sealed record SearchHit(SearchKind Kind, string Title, string? Detail, string Url);

public enum SearchKind
{
    Page,

    /// <summary>A page that performs one action.</summary>
    Action,

    Key,
    Account,
    Channel,
    Group,
}
