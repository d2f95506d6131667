using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Components.Keys;

/// <summary>
/// What keeps the open list true. A change of the person's keys loads the page anew. Their use, which comes every second, only reads
/// the rows on the screen again and leaves each in its place, so that nothing moves under a hand; and it is not announced.
/// </summary>
public sealed partial class KeyList
{
    private static readonly TimeSpan _atMost = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _countsAtMost = TimeSpan.FromSeconds(5);

    private IDisposable? _changes;
    private Throttle? _refresh;
    private Throttle? _reread;
    private Throttle? _recount;
    private ITimer? _everyMinute;

    [Inject]
    private KeyChanges Changes { get; set; } = default!;

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _refresh = new Throttle(Time, _atMost, () => _ = InvokeAsync(RefreshAsync));
            _reread = new Throttle(Time, _atMost, () => _ = InvokeAsync(RereadAsync));
            _recount = new Throttle(Time, _countsAtMost, () => _ = InvokeAsync(RecountAsync));
            _changes = Changes.Subscribe(OnChanged);
            // What is near in time is worded anew, and what has expired is counted as that.
            _everyMinute = Time.CreateTimer(_ => _recount.Request(), null, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
        }
    }

    private void StopListening()
    {
        _changes?.Dispose();
        _refresh?.Dispose();
        _reread?.Dispose();
        _recount?.Dispose();
        _everyMinute?.Dispose();
    }

    /// <summary>Runs on whatever thread made the change, for every account's.</summary>
    private void OnChanged(KeysChanged change)
    {
        // Rows on their way may have been read before the use.
        if (change.OnlyUsage && (Shows(change) || (_loading is not null && change.OwnerId == _ownerId)))
        {
            _reread?.Request();
        }
        else if (!change.OnlyUsage && change.OwnerId == _ownerId && !_acting)
        {
            _refresh?.Request();
        }
    }

    private bool Shows(KeysChanged change) =>
        _page?.Keys.Any(key => key.OwnerId == change.OwnerId && change.KeyIds.Contains(key.Id)) is true;

    private Task RefreshAsync() => QuietlyAsync(_ => LoadAsync(recount: true));

    private async Task RereadAsync()
    {
        if (_loading is not null)
        {
            _reread?.Request();
            return;
        }

        await QuietlyAsync(async actor =>
        {
            if (_page is { Keys: not [] } page)
            {
                var ids = page.Keys.Select(key => key.Id).ToList();
                var now = (await Task.Run(() => Keys.FindManyAsync(actor, ids))).ToDictionary(key => key.Id);
                // A page loaded meanwhile is newer than this.
                _page = _page == page ? page with { Keys = [.. page.Keys.Select(key => now.GetValueOrDefault(key.Id, key))] } : _page;
                _recount?.Request();
            }
        });
    }

    private Task RecountAsync() => QuietlyAsync(async actor =>
    {
        var search = _address.Query.Search;
        var counts = await Task.Run(() => Keys.CountAsync(actor, search));
        _counts = search == _countedSearch ? counts : _counts;
    });

    /// <summary>What the page does by itself leaves the screen as it is if it fails; the next time may be luckier.</summary>
    private async Task QuietlyAsync(Func<Actor, Task> work)
    {
        try
        {
            await work(await CurrentUser.ActorAsync());
            StateHasChanged();
        }
        catch (AccessDeniedException denied)
        {
            await DispatchExceptionAsync(denied);
        }
        catch (Exception error)
        {
            LogFailure(error);
        }
    }
}
