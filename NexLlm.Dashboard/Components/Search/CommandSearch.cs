using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Components.Urls;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Components.Search;

/// <summary>What the command palette offers for a text: pages, and things by their names.</summary>
public sealed class CommandSearch(QuickSearch things, KeyPolicyService keys)
{
    /// <summary>The most of one kind.</summary>
    public const int Most = QuickSearch.Most;

    /// <summary>Kind by kind, in the order of <see cref="SearchKind"/>; at most <see cref="Most"/> of each. For a blank text all pages.</summary>
    /// <param name="text">As typed; a whole key is recognised, to whomever it belongs that the actor may see.</param>
    /// <exception cref="AccessDeniedException">The actor's login is over.</exception>
    public async Task<IReadOnlyList<SearchHit>> FindAsync(Actor actor, string? text, CancellationToken cancellation = default)
    {
        var typed = (text ?? "").Trim();
        var found = await things.FindAsync(actor, typed, cancellation);
        var pasted = KeySecret.TryParse(typed, out _) ? await keys.RecogniseAsync(actor, typed, cancellation) : null;
        return
        [
            .. SearchPages.Matching(typed, found.IsAdministrator).Take(typed.Length == 0 ? int.MaxValue : Most),
            // A key that can still be brought back has no page of its own.
            .. pasted is null ? [] : (SearchHit[])[new(SearchKind.Key, pasted.Name, pasted.DisplayForm, pasted.DeletedAt is null ? PageUrls.Key(pasted.Id) : PageUrls.DeletedKeys)],
            .. found.Keys.Select(k => new SearchHit(SearchKind.Key, k.Name, k.Detail, PageUrls.Key(k.Id))),
            .. found.Accounts.Select(a => new SearchHit(SearchKind.Account, a.Name, a.Detail, PageUrls.AccountOf(a.Id))),
            .. found.Channels.Select(c => new SearchHit(SearchKind.Channel, c.Name, c.Detail, PageUrls.Channel(c.Id))),
            .. found.Groups.Select(g => new SearchHit(SearchKind.Group, g.Name, g.Detail, PageUrls.Group(g.Id))),
        ];
    }
}

/// <summary>What the command palette leads to.</summary>
/// <param name="Detail">What else tells it apart; null if there is nothing.</param>
/// <param name="Url">Relative to the base address.</param>
public sealed record SearchHit(SearchKind Kind, string Title, string? Detail, string Url);

public enum SearchKind
{
    Page,

    /// <summary>A page that does one thing.</summary>
    Action,

    Key,
    Account,
    Channel,
    Group,
}
