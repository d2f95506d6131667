using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Components.Urls;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Components.Keys;

/// <summary>The list's data: a page of keys as last read, and the number of keys per filter.</summary>
internal sealed class KeyListRows(KeyPolicyService keys)
{
    private string? _countedSearch;

    public KeyPage? Page { get; private set; }

    public KeyCounts? Counts { get; private set; }

    public bool Shows(KeysChanged change) => Page?.Keys.Any(key => key.OwnerId == change.OwnerId && change.KeyIds.Contains(key.Id)) is true;

    public bool IsCounted(string? search) => Counts is not null && _countedSearch == search;

    public int? Total(KeyListAddress address) => address.KeyId is not null ? Page?.Keys.Count : Counts?[address.Query.Filter];

    public async Task<KeyPage> ReadAsync(Actor actor, KeyListAddress address, CancellationToken cancellation) => address.KeyId is { } id
        ? new KeyPage(await keys.FindAsync(actor, id, cancellation) is { } key ? [key] : [], null, null)
        : await keys.ListAsync(actor, address.Query, cancellation);

    public void Show(KeyPage page) => Page = page;

    public async Task CountAsync(Actor actor, string? search, CancellationToken cancellation)
    {
        var counts = await Task.Run(() => keys.CountAsync(actor, search, cancellation), cancellation);
        cancellation.ThrowIfCancellationRequested();
        (Counts, _countedSearch) = (counts, search);
    }

    /// <summary>Updates the counts of the current search, unless another search has replaced it.</summary>
    public async Task RecountAsync(Actor actor, string? search)
    {
        var counts = await Task.Run(() => keys.CountAsync(actor, search));
        Counts = search == _countedSearch ? counts : Counts;
    }

    /// <summary>Updates the displayed rows in place.</summary>
    public async Task RereadAsync(Actor actor)
    {
        if (Page is { Keys: not [] } page)
        {
            var ids = page.Keys.Select(key => key.Id).ToList();
            var now = (await Task.Run(() => keys.FindManyAsync(actor, ids))).ToDictionary(key => key.Id);
            // A page loaded in the meantime is newer.
            Page = Page == page ? page with { Keys = [.. page.Keys.Select(key => now.GetValueOrDefault(key.Id, key))] } : Page;
        }
    }
}
