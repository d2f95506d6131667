using Microsoft.AspNetCore.Components;
using MudBlazor;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Components.Urls;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Paging;

namespace NexLlm.Dashboard.Components.Keys;

public sealed partial class KeyList(ILogger<KeyList> log)
{
    private static readonly TimeSpan _slowAfter = TimeSpan.FromMilliseconds(100);

    private readonly HashSet<long> _selected = [];
    // Where the list sent the browser, in order, and it has not been seen to be yet.
    private readonly Queue<KeyListAddress> _sentTo = [];
    private KeyListAddress _address = KeyListAddress.Default;
    private KeyListAddress? _browsersAddress;
    private bool _refines;
    private bool _leads;
    private KeyPage? _page;
    private KeyCounts? _counts;
    private string? _countedSearch;
    private long? _ownerId;
    private string? _paste;
    private string? _announcement;
    private bool _slow;
    private bool _failed;
    private CancellationTokenSource? _loading;
    private bool _acting;
    private PageHeader _header = default!;
    private SearchField? _search;
    private KeyRowMenu _menu = default!;

    [SupplyParameterFromQuery(Name = "q")]
    private string? SearchText { get; set; }

    [SupplyParameterFromQuery(Name = "show")]
    private string? FilterSlug { get; set; }

    [SupplyParameterFromQuery(Name = "sort")]
    private string? SortSlug { get; set; }

    [SupplyParameterFromQuery(Name = "dir")]
    private string? Direction { get; set; }

    [SupplyParameterFromQuery(Name = "at")]
    private string? Cursor { get; set; }

    [SupplyParameterFromQuery(Name = "id")]
    private string? Id { get; set; }

    [Inject]
    private KeyPolicyService Keys { get; set; } = default!;

    [Inject]
    private KeySwitch Switch { get; set; } = default!;

    [Inject]
    private IDialogService Dialogs { get; set; } = default!;

    [Inject]
    private CurrentUser CurrentUser { get; set; } = default!;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    private bool HasNoKeys => _address.ShowsEverything && !_failed && _page is { Keys: [] };

    private IReadOnlyList<KeyDetails> SelectedKeys => _page is null ? [] : [.. _page.Keys.Where(k => _selected.Contains(k.Id))];

    private int? Total => _address.KeyId is not null ? _page?.Keys.Count : _counts?[_address.Query.Filter];

    public void Dispose()
    {
        _loading?.Cancel();
        StopListening();
    }

    protected override async Task OnParametersSetAsync()
    {
        var address = KeyListAddress.Read(SearchText, FilterSlug, SortSlug, Direction, Cursor, Id);
        if (SearchText is not null && PastedSecret.IsIn(SearchText))
        {
            // Somebody put a secret into the address by hand: at least it does not stay there.
            Navigation.NavigateTo(PageUrls.Keys(address), replace: true);
        }
        else if ((IsNews(address) && address != _address) || _page is null)
        {
            _address = address;
            _leads = false;
            _selected.Clear();
            await LoadAsync(recount: _counts is null || _countedSearch != address.Query.Search);
        }
    }

    /// <summary>
    /// Whether the browser is somewhere new that the list did not send it to. What is searched for goes before the browser: rendered
    /// again meanwhile, or followed there late, the list must not take back what was typed since.
    /// </summary>
    private bool IsNews(KeyListAddress address)
    {
        if (address == _browsersAddress)
        {
            return false;
        }

        _browsersAddress = address;
        if (!_sentTo.Contains(address))
        {
            _sentTo.Clear();
            return true;
        }

        while (_sentTo.Dequeue() != address)
        {
            // It went on before it was seen there.
        }

        return false;
    }

    /// <summary>The rows, and, once they are on the screen, the counts. A later load ends an earlier one.</summary>
    private async Task LoadAsync(bool recount)
    {
        _loading?.Cancel();
        using var loading = new CancellationTokenSource();
        _loading = loading;
        try
        {
            var actor = await CurrentUser.ActorAsync();
            _ownerId = actor.AccountId;
            if (await LoadRowsAsync(actor, loading.Token) && recount && RendererInfo.IsInteractive)
            {
                StateHasChanged();
                LeadBrowser();
                var search = _address.Query.Search;
                var counts = await Task.Run(() => Keys.CountAsync(actor, search, loading.Token), loading.Token);
                loading.Token.ThrowIfCancellationRequested();
                (_counts, _countedSearch) = (counts, search);
            }

            Announce();
        }
        catch (OperationCanceledException) when (loading.IsCancellationRequested)
        {
            // Another load shows what this one would have.
        }
        catch (Exception error) when (error is not AccessDeniedException)
        {
            LogFailure(error);
            _failed = true;
            _slow = false;
            LeadBrowser();
        }
        finally
        {
            _loading = _loading == loading ? null : _loading;
        }
    }

    /// <summary>Takes the browser to where a search led the list, once its rows are shown, by whichever load.</summary>
    private void LeadBrowser()
    {
        if (_leads)
        {
            _leads = false;
            _sentTo.Enqueue(_address);
            Navigation.NavigateTo(PageUrls.Keys(_address), replace: _refines);
        }
    }

    /// <returns>False if the page turned out to be empty and another one is on its way.</returns>
    private async Task<bool> LoadRowsAsync(Actor actor, CancellationToken cancellation)
    {
        var address = _address;
        // Off the circuit's own thread, so that it can show that it waits. The first load has the browser to show that.
        var reading = _page is null ? ReadAsync(actor, address, cancellation) : Task.Run(() => ReadAsync(actor, address, cancellation), cancellation);
        if (await Task.WhenAny(reading, Task.Delay(_slowAfter, Time, cancellation)) != reading && !cancellation.IsCancellationRequested)
        {
            _slow = true;
            StateHasChanged();
        }

        var page = await reading;
        cancellation.ThrowIfCancellationRequested();
        _page = page;
        _failed = _slow = false;
        _selected.IntersectWith(page.Keys.Select(k => k.Id));
        if (page.Keys is [] && address.Query.Cursor is { Direction: not PageDirection.Last })
        {
            // The page's keys are gone: show what is the last page now.
            Navigation.NavigateTo(PageUrls.Keys(address.At(PageCursor.Last)), replace: true);
            return false;
        }

        return true;
    }

    private async Task<KeyPage> ReadAsync(Actor actor, KeyListAddress address, CancellationToken cancellation) => address.KeyId is { } id
        ? new KeyPage(await Keys.FindAsync(actor, id, cancellation) is { } key ? [key] : [], null, null)
        : await Keys.ListAsync(actor, address.Query, cancellation);

    private void Announce() => _announcement = Total switch
    {
        null => null,
        0 => "No matching keys.",
        1 => "1 key.",
        var total => $"{KeyFilterChip.Count(total.Value)} keys.",
    };

    [LoggerMessage(LogLevel.Error, "Keys could not be listed.")]
    private partial void LogFailure(Exception error);
}
