using System.Globalization;
using System.Web;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.JSInterop;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Components.Urls;
using NexLlm.Dashboard.Logs;

namespace NexLlm.Dashboard.Components.Logs;

/// <summary>The log, one page at a time. Its URL determines what it shows.</summary>
public sealed partial class LogsPage(
    RequestLog requests, LogExports exports, CurrentUser user, Notifications notifications, NavigationManager navigation, UserClock clock, TimeProvider time,
    IJSRuntime js, ILogger<LogsPage> log) : IAsyncDisposable
{
    private static readonly TimeSpan _slowAfter = TimeSpan.FromMilliseconds(100);
    private static readonly CultureInfo _english = CultureInfo.InvariantCulture;

    private LogAddress _address = LogAddress.Default;
    private LogPage? _page;
    private IReadOnlyList<LogEntry> _lines = [];
    private string? _announcement;
    private bool _slow;
    private bool _failed;
    private CancellationTokenSource? _loading;
    private PageHeader? _header;
    private ElementReference _top;
    private string? _returnTo;
    private LogsScript? _script;
    private LogDownload? _download;

    private UserClock Clock => clock;

    private string EmptyWords => this switch
    {
        { _address.RequestId: not null } => "Request not found. Repeated rejections are grouped per minute.",
        { _address: { From: { } from, To: { } to } } when from >= to => "The end of the range must be after its start.",
        { _address.Before: not null } => "No older requests in this period.",
        { _address.IsFiltered: true } => $"Try a longer period or clear the filters. {KeptWords}",
        _ => $"New requests appear within seconds. {KeptWords}",
    };

    private string KeptWords => $"Requests are kept for {UserClock.InWords(requests.Keep)}.";

    private string? ShownWords => _lines switch
    {
        [] => null,
        [var only] => clock.Moment(only.At),
        [var newest, .., var oldest] => $"{clock.Moment(oldest.At)} to {clock.Moment(newest.At)}",
    } + (_page is { Next: null } ? $". {KeptWords}" : "");

    private LogsScript Script => _script ??= new LogsScript(js);

    private int OpenedAt => _lines.ToList().FindIndex(line => line.RequestId == _address.Opened);

    public async ValueTask DisposeAsync()
    {
        navigation.LocationChanged -= OnLocationChanged;
        _loading?.Cancel();
        StopFollowing();
        _download?.Dispose();
        if (_script is not null)
        {
            await _script.DisposeAsync();
        }
    }

    protected override Task OnInitializedAsync()
    {
        // One handler for the whole URL instead of a parameter for each part.
        navigation.LocationChanged += OnLocationChanged;
        _address = ReadAddress();
        _download = new LogDownload(exports, notifications, clock, time, () => _ = InvokeAsync(ShowDownload));
        return LoadAsync();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await Script.WatchAsync(_top, this);
        }

        if (_returnTo is { } request && _address.Opened is null)
        {
            _returnTo = null;
            if (!await Script.FocusRowAsync(request))
            {
                await _header!.FocusAsync();
            }
        }
    }

    private void OnLocationChanged(object? sender, LocationChangedEventArgs move) => _ = InvokeAsync(async () =>
    {
        var isHere = navigation.ToBaseRelativePath(move.Location).Split('?', '#')[0] == PageUrls.Logs();
        if (isHere && ReadAddress() is var address && address != _address)
        {
            var isSameList = address.List == _address.List;
            // Returns the focus to the line whose details were open.
            _returnTo = isSameList && address.Opened is null ? _address.Opened : null;
            _address = address;
            try
            {
                if (isSameList)
                {
                    ShowFreshUnlessHeld();
                }
                else
                {
                    await LoadAsync();
                }

                StateHasChanged();
            }
            catch (Exception error)
            {
                await DispatchExceptionAsync(error);
            }
        }
    });

    /// <summary>Opens the details of an adjacent line; null returns to the list. None of these are steps of the back button.</summary>
    private void Open(string? request) => navigation.NavigateTo(PageUrls.Logs(_address with { Opened = request }), replace: true);

    /// <summary>The drawer closes itself on a click outside.</summary>
    private void CloseDetails(bool isOpen)
    {
        if (!isOpen)
        {
            Open(null);
        }
    }

    private string? Beside(int step) => OpenedAt is var here and >= 0 ? _lines.ElementAtOrDefault(here + step)?.RequestId : null;

    private LogAddress Older(LogPage page) => _address.List with { Before = page.Next, After = null, IsLive = false };

    private LogAddress Newer(LogPage page) => _address.List with { Before = null, After = page.Previous, IsLive = false };

    private LogAddress ReadAddress()
    {
        var query = HttpUtility.ParseQueryString(new Uri(navigation.Uri).Query);
        return LogAddress.Read(name => query[name]);
    }

    /// <summary>A later load cancels an earlier one.</summary>
    private async Task LoadAsync()
    {
        _loading?.Cancel();
        using var loading = new CancellationTokenSource();
        _loading = loading;
        try
        {
            var actor = await user.ActorAsync();
            // Follows before reading, so that no line is missed in between.
            await FollowAsync(actor, loading.Token);
            var query = _address.ToQuery(time.GetUtcNow());
            // Runs off the circuit's thread, so that it can show progress.
            var reading = Task.Run(() => requests.SearchAsync(actor, query, loading.Token), loading.Token);
            if (await Task.WhenAny(reading, Task.Delay(_slowAfter, time, loading.Token)) != reading && !loading.IsCancellationRequested)
            {
                _slow = true;
                StateHasChanged();
            }

            var page = await reading;
            loading.Token.ThrowIfCancellationRequested();
            Show(page);
            Announce();
            if (RendererInfo.IsInteractive)
            {
                _download!.Offer(actor.AccountId!.Value);
            }
        }
        catch (OperationCanceledException) when (loading.IsCancellationRequested)
        {
            // A newer load replaces this one.
        }
        catch (Exception error) when (error is not AccessDeniedException)
        {
            LogFailure(error);
            _failed = true;
            _slow = false;
        }
        finally
        {
            _loading = _loading == loading ? null : _loading;
        }
    }

    private void ShowDownload()
    {
        _download!.Show();
        StateHasChanged();
    }

    private void Show(LogPage page)
    {
        _page = page;
        _lines = page.Lines;
        _failed = _slow = false;
        _untold = 0;
        ShowFresh(isMarked: false);
    }

    private void Announce() => _announcement = _lines.Count switch
    {
        0 => "No requests.",
        1 => "1 request.",
        var count => string.Create(_english, $"{count} requests."),
    };

    [LoggerMessage(LogLevel.Error, "The request log could not be read.")]
    private partial void LogFailure(Exception error);
}
