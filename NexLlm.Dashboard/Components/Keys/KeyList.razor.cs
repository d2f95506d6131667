using Microsoft.AspNetCore.Components;
using MudBlazor;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Components.Urls;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Paging;

namespace NexLlm.Dashboard.Components.Keys;

/// <summary>
/// The user's keys. A change to a key reloads the page. Usage, which changes every second, only updates the displayed rows in
/// place, so that nothing moves under the pointer; it is not announced.
/// </summary>
public sealed partial class KeyList(
    KeyPolicyService keys, KeyToggle keySwitch, KeyChanges changes, CurrentUser user, IDialogService dialogs, NavigationManager navigation, TimeProvider time,
    ILogger<KeyList> log) : LivePage(log)
{
    private static readonly TimeSpan _slowAfter = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _atMost = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _countsAtMost = TimeSpan.FromSeconds(5);

    private readonly KeyListNavigation _navigation = new(navigation);
    private readonly KeyListRows _rows = new(keys);
    private readonly HashSet<long> _selected = [];
    private long? _ownerId;
    private string? _paste;
    private string? _announcement;
    private bool _slow;
    private bool _recounts;
    private bool _acting;
    private CancellationTokenSource? _loading;
    private Throttle? _refresh;
    private Throttle? _reread;
    private Throttle? _recount;
    private PageHeader _header = default!;
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

    private KeyListAddress Address => _navigation.Address;

    private bool HasNoKeys => Address.ShowsEverything && !IsFailed && _rows.Page is { Keys: [] };

    private IReadOnlyList<KeyDetails> SelectedKeys => _rows.Page is null ? [] : [.. _rows.Page.Keys.Where(k => _selected.Contains(k.Id))];

    public override void Dispose()
    {
        _loading?.Cancel();
        base.Dispose();
    }

    protected override async Task OnParametersSetAsync()
    {
        var address = KeyListAddress.Read(SearchText, FilterSlug, SortSlug, Direction, Cursor, Id);
        if (SearchText is not null && PastedSecret.IsIn(SearchText))
        {
            // A secret was entered into the URL by hand; at least remove it from there.
            navigation.NavigateTo(PageUrls.Keys(address), replace: true);
        }
        else if (_navigation.Follow(address) || _rows.Page is null)
        {
            _selected.Clear();
            await LoadAsync(recount: !_rows.IsCounted(address.Query.Search));
        }
    }

    protected override void Listen()
    {
        _refresh = Own(new Throttle(time, _atMost, () => _ = ReloadAsync()));
        _reread = Own(new Throttle(time, _atMost, () => _ = QuietlyAsync(RereadAsync)));
        _recount = Own(new Throttle(time, _countsAtMost, () => _ = QuietlyAsync(async () => await _rows.RecountAsync(await user.ActorAsync(), Address.Query.Search))));
        Own(changes.Subscribe(OnChanged));
        // Relative times advance, and expired keys are counted as such.
        Every(time, TimeSpan.FromMinutes(1), _recount.Request);
    }

    protected override void Announce() => _announcement = _rows.Total(Address) switch
    {
        null => null,
        0 => "No matching keys.",
        1 => "1 key.",
        var total => $"{KeyFilterChip.Count(total.Value)} keys.",
    };

    /// <summary>Reads the rows and, once they are displayed, the counts. A later load cancels an earlier one.</summary>
    protected override async Task ReadAsync()
    {
        _loading?.Cancel();
        using var loading = new CancellationTokenSource();
        _loading = loading;
        try
        {
            var recounts = _recounts;
            var actor = await user.ActorAsync();
            _ownerId = actor.AccountId;
            if (await ReadRowsAsync(actor, loading.Token) && recounts && RendererInfo.IsInteractive)
            {
                StateHasChanged();
                _navigation.Lead();
                await _rows.CountAsync(actor, Address.Query.Search, loading.Token);
            }
        }
        catch (OperationCanceledException) when (loading.IsCancellationRequested)
        {
            // A newer load replaces this one.
        }
        catch (Exception error) when (error is not AccessDeniedException)
        {
            _slow = false;
            _navigation.Lead();
            throw;
        }
        finally
        {
            _loading = _loading == loading ? null : _loading;
        }
    }

    private Task LoadAsync(bool recount)
    {
        _recounts = recount;
        return LoadAsync();
    }

    private Task ReloadAsync() => QuietlyAsync(() => LoadAsync(recount: true));

    /// <returns>False if the page was empty and another one is loading.</returns>
    private async Task<bool> ReadRowsAsync(Actor actor, CancellationToken cancellation)
    {
        var address = Address;
        // Runs off the circuit's thread, so that it can show progress. On the first load the browser does that.
        var reading = _rows.Page is null ? _rows.ReadAsync(actor, address, cancellation) : Task.Run(() => _rows.ReadAsync(actor, address, cancellation), cancellation);
        if (await Task.WhenAny(reading, Task.Delay(_slowAfter, time, cancellation)) != reading && !cancellation.IsCancellationRequested)
        {
            _slow = true;
            StateHasChanged();
        }

        var page = await reading;
        cancellation.ThrowIfCancellationRequested();
        _rows.Show(page);
        IsFailed = _slow = false;
        _selected.IntersectWith(page.Keys.Select(k => k.Id));
        if (page.Keys is [] && address.Query.Cursor is { Direction: not PageDirection.Last })
        {
            // The keys of this page were deleted, so show the current last page.
            navigation.NavigateTo(PageUrls.Keys(address.At(PageCursor.Last)), replace: true);
            return false;
        }

        return true;
    }

    /// <summary>Called on the thread of the change, for the keys of any account.</summary>
    private void OnChanged(KeysChanged change)
    {
        // Rows being loaded may predate the usage.
        if (change.OnlyUsage && (_rows.Shows(change) || (_loading is not null && change.OwnerId == _ownerId)))
        {
            _reread?.Request();
        }
        else if (!change.OnlyUsage && change.OwnerId == _ownerId && !_acting)
        {
            _refresh?.Request();
        }
    }

    private async Task RereadAsync()
    {
        if (_loading is not null)
        {
            _reread?.Request();
            return;
        }

        await _rows.RereadAsync(await user.ActorAsync());
        _recount?.Request();
    }

    private async Task SearchAsync(string text)
    {
        _paste = null;
        if (_navigation.Search(text))
        {
            _selected.Clear();
            await LoadAsync(recount: true);
        }
    }

    /// <summary>Navigates to the key by its id, so that the secret reaches neither the URL nor a log.</summary>
    private async Task FindPastedAsync(string secret)
    {
        _paste = null;
        var key = await keys.RecogniseAsync(await user.ActorAsync(), secret);
        if (key is { DeletedAt: null })
        {
            navigation.NavigateTo(PageUrls.Keys(new KeyListAddress(new KeyQuery(), key.Id)));
            return;
        }

        _paste = key is null
            ? "That key doesn't belong to your account."
            : $"The pasted key, {key.Name}, was deleted and no longer works. Find it under Recently deleted.";
    }

    private async Task SetEnabledAsync(IReadOnlyList<KeyDetails> chosen, bool enabled)
    {
        // Shows this list's own actions immediately instead of waiting for the notification.
        _acting = true;
        bool isChanged;
        try
        {
            isChanged = await keySwitch.SetEnabledAsync(chosen, enabled);
        }
        finally
        {
            _acting = false;
        }

        if (isChanged)
        {
            await ReloadAsync();
        }
    }

    private async Task DeleteAsync(IReadOnlyList<KeyDetails> chosen)
    {
        if (await dialogs.DeleteKeysAsync(chosen))
        {
            _selected.Clear();
            await ReloadAsync();
            // The button that opened the dialog was removed with its row; without a target, the focus would fall back to the document.
            await _header.FocusAsync();
        }
    }
}
