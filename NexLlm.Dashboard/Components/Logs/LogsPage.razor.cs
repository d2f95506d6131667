using System.Globalization;
using System.Web;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Logs;

namespace NexLlm.Dashboard.Components.Logs;

/// <summary>The log, a page at a time. What it shows stands in its address.</summary>
public sealed partial class LogsPage(ILogger<LogsPage> log)
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

    [Inject]
    private RequestLog Log { get; set; } = default!;

    [Inject]
    private Person Person { get; set; } = default!;

    [Inject]
    private PersonClock Clock { get; set; } = default!;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    private string EmptyWords => this switch
    {
        { _address.RequestId: not null } => "Request not found. Repeated rejections are grouped per minute.",
        { _address: { From: { } from, To: { } to } } when from >= to => "The end of the range must be after its start.",
        { _address.Before: not null } => "No older requests in this period.",
        { _address.IsFiltered: true } => $"Try a longer period or clear the filters. {KeptWords}",
        _ => $"New requests appear within seconds. {KeptWords}",
    };

    private string KeptWords => $"Requests are kept for {PersonClock.InWords(Log.Keep)}.";

    private string? ShownWords => _lines switch
    {
        [] => null,
        [var only] => Clock.Moment(only.At),
        [var newest, .., var oldest] => $"{Clock.Moment(oldest.At)} to {Clock.Moment(newest.At)}",
    } + (_page is { Next: null } ? $". {KeptWords}" : "");

    public void Dispose()
    {
        Navigation.LocationChanged -= HearOfMove;
        _loading?.Cancel();
        StopFollowing();
        EndExport();
        _offered?.Dispose();
    }

    protected override Task OnInitializedAsync()
    {
        // One handler for all that stands in the address, rather than a parameter for each.
        Navigation.LocationChanged += HearOfMove;
        _address = ReadAddress();
        return LoadAsync();
    }

    private void HearOfMove(object? sender, LocationChangedEventArgs move) => _ = InvokeAsync(async () =>
    {
        var isHere = Navigation.ToBaseRelativePath(move.Location).Split('?', '#')[0] == PageUrls.Logs();
        if (isHere && ReadAddress() is var address && address != _address)
        {
            _address = address;
            try
            {
                await LoadAsync();
                StateHasChanged();
            }
            catch (Exception error)
            {
                await DispatchExceptionAsync(error);
            }
        }
    });

    private LogAddress Older(LogPage page) => _address with { Before = page.Next, After = null, IsLive = false };

    private LogAddress Newer(LogPage page) => _address with { Before = null, After = page.Previous, IsLive = false };

    private LogAddress ReadAddress()
    {
        var query = HttpUtility.ParseQueryString(new Uri(Navigation.Uri).Query);
        return LogAddress.Read(name => query[name]);
    }

    /// <summary>A later load ends an earlier one.</summary>
    private async Task LoadAsync()
    {
        _loading?.Cancel();
        using var loading = new CancellationTokenSource();
        _loading = loading;
        try
        {
            var actor = await Person.ActorAsync();
            // Before the reading, so that no line falls in between.
            await FollowAsync(actor, loading.Token);
            var query = _address.ToQuery(Time.GetUtcNow());
            // Off the circuit's own thread, so that it can show that it waits.
            var reading = Task.Run(() => Log.SearchAsync(actor, query, loading.Token), loading.Token);
            if (await Task.WhenAny(reading, Task.Delay(_slowAfter, Time, loading.Token)) != reading && !loading.IsCancellationRequested)
            {
                _slow = true;
                StateHasChanged();
            }

            var page = await reading;
            loading.Token.ThrowIfCancellationRequested();
            Show(page);
            Announce();
            OfferExport(actor);
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
        }
        finally
        {
            _loading = _loading == loading ? null : _loading;
        }
    }

    private void Show(LogPage page)
    {
        _page = page;
        _lines = page.Lines;
        _failed = _slow = false;
        ShowFresh();
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
