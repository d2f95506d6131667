using Microsoft.JSInterop;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Components.Urls;
using NexLlm.Dashboard.Logs;

namespace NexLlm.Dashboard.Components.Logs;

/// <summary>Shows new lines on the open page while Live is on.</summary>
public sealed partial class LogsPage
{
    private const int MostLines = 200;

    /// <summary>Limits announcements, so that they don't drown out everything else for screen reader users.</summary>
    private static readonly TimeSpan _newsPace = TimeSpan.FromSeconds(10);

    private readonly PendingEntries _fresh = new(MostLines);
    private readonly HashSet<long> _marked = [];
    private IDisposable? _following;
    private Throttle? _telling;
    private int _untold;
    private bool _isPaused;
    private bool _isPointed;
    private bool _isAway;

    private bool IsLive => _address is { IsLive: true, Before: null, After: null } && _address.CanBeLive(time.GetUtcNow());

    /// <summary>Whether updates are held back, so that nothing moves under the pointer or while reading further down.</summary>
    private bool IsHeld => _isPaused || _isPointed || _isAway || _address.Opened is not null;

    private string WaitingWords => string.Create(_english, $"{_fresh.Count:N0} new");

    private void SwitchLive() => navigation.NavigateTo(PageUrls.Logs(_address.FirstPage with { IsLive = !IsLive }));

    private async Task FollowAsync(Actor actor, CancellationToken cancellation)
    {
        StopFollowing();
        if (!IsLive || !RendererInfo.IsInteractive)
        {
            return;
        }

        var following = await requests.FollowAsync(actor, _address.ToQuery(time.GetUtcNow()), news => _ = InvokeAsync(() => OnChanged(news)), cancellation);
        if (cancellation.IsCancellationRequested)
        {
            following.Dispose();
            cancellation.ThrowIfCancellationRequested();
        }

        _following = following;
        _telling = new Throttle(time, _newsPace, () => _ = InvokeAsync(TellNews));
    }

    private void StopFollowing()
    {
        _following?.Dispose();
        _following = null;
        _telling?.Dispose();
        _fresh.Clear();
        _marked.Clear();
        (_untold, _isPaused) = (0, false);
    }

    private void OnChanged(LogUpdate news)
    {
        if (_following is null)
        {
            return;
        }

        _untold += _fresh.Add(news, id => _lines.Any(line => line.Id == id));
        _telling?.Request();
        ShowFreshUnlessHeld();
        StateHasChanged();
    }

    private void Pause()
    {
        _isPaused = !_isPaused;
        ShowFreshUnlessHeld();
    }

    private void Point(bool isPointed)
    {
        _isPointed = isPointed;
        ShowFreshUnlessHeld();
    }

    /// <summary>Called when the top of the list leaves or enters the viewport.</summary>
    [JSInvokable]
    public void SetAway(bool isAway)
    {
        _isAway = isAway;
        if (IsLive)
        {
            ShowFreshUnlessHeld();
            StateHasChanged();
        }
    }

    /// <summary>Shows the lines on request, even if updates are held back.</summary>
    private async Task ShowWaitingAsync()
    {
        ShowFresh(isMarked: true);
        await Script.ToTopAsync();
    }

    private void ShowFreshUnlessHeld()
    {
        if (_loading is null && !IsHeld)
        {
            ShowFresh(isMarked: true);
        }
    }

    /// <summary>
    /// Adds the received lines to the displayed ones. A line already shown is reported again if more requests share it; a line
    /// older than the page belongs to the next one. If lines were skipped, the page restarts after the gap.
    /// </summary>
    /// <param name="isMarked">Whether to highlight the new lines, because the others were already shown.</param>
    private void ShowFresh(bool isMarked)
    {
        if (_fresh.IsEmpty || _page is null)
        {
            return;
        }

        var before = _lines;
        (var lines, var isCut) = _fresh.OnTopOf(_lines, _page.Next ?? 0);
        (_lines, _page) = (lines, isCut ? _page with { Next = lines[^1].Id, SearchedTo = null } : _page);
        _fresh.Clear();
        if (isMarked)
        {
            _marked.UnionWith(lines.Select(line => line.Id).Except(before.Select(line => line.Id)));
        }
    }

    /// <summary>Announces new lines to screen readers.</summary>
    private void TellNews()
    {
        if (_untold > 0)
        {
            _announcement = _untold == 1 ? "1 new request." : string.Create(_english, $"{_untold:N0} new requests.");
            _untold = 0;
            StateHasChanged();
        }
    }
}
