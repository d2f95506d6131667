using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Logs;

namespace NexLlm.Dashboard.Components.Logs;

/// <summary>What changes on the open page by itself: new lines, while Live is on, and how far an export is.</summary>
public sealed partial class LogsPage
{
    private const int MostLines = 200;

    private static readonly TimeSpan _exportPace = TimeSpan.FromMilliseconds(500);

    /// <summary>Whoever listens to the page shall not hear of nothing else.</summary>
    private static readonly TimeSpan _newsPace = TimeSpan.FromSeconds(10);

    private readonly List<LogNews> _fresh = [];
    private IDisposable? _following;
    private Throttle? _telling;
    private int _untold;
    private LogExport? _offered;
    private LogExport? _export;
    private ITimer? _exportTimer;

    [Microsoft.AspNetCore.Components.Inject]
    private LogExports Exports { get; set; } = default!;

    private string ExportWords => _export!.State switch
    {
        LogExportState.Offered => "Starting export…",
        LogExportState.Running when _export.BackTo is { } back => string.Create(_english, $"Exporting: {_export.Lines:N0} rows, back to {Clock.Moment(back)}."),
        LogExportState.Running => "Exporting…",
        LogExportState.Complete => string.Create(_english, $"Exported {_export.Lines:N0} rows."),
        LogExportState.BrokenOff => string.Create(_english, $"Export stopped after {_export.Lines:N0} rows. The file is incomplete."),
    };

    private bool IsLive => _address is { IsLive: true, Before: null, After: null } && _address.CanBeLive(Time.GetUtcNow());

    private void SwitchLive() => Navigation.NavigateTo(PageUrls.Logs(_address.FirstPage with { IsLive = !IsLive }));

    private async Task FollowAsync(Actor actor, CancellationToken cancellation)
    {
        StopFollowing();
        if (!IsLive || !RendererInfo.IsInteractive)
        {
            return;
        }

        var following = await Log.FollowAsync(actor, _address.ToQuery(Time.GetUtcNow()), news => _ = InvokeAsync(() => Hear(news)), cancellation);
        if (cancellation.IsCancellationRequested)
        {
            following.Dispose();
            cancellation.ThrowIfCancellationRequested();
        }

        _following = following;
        _telling = new Throttle(Time, _newsPace, () => _ = InvokeAsync(TellNews));
    }

    private void StopFollowing()
    {
        _following?.Dispose();
        _following = null;
        _telling?.Dispose();
        _fresh.Clear();
        _untold = 0;
    }

    private void Hear(LogNews news)
    {
        if (_following is null)
        {
            return;
        }

        _fresh.Add(news);
        if (_loading is null)
        {
            ShowFresh();
            StateHasChanged();
        }
    }

    /// <summary>
    /// Puts what was heard on top of what was read. A line that is there already was told of again because more requests share it;
    /// one that is older than the page belongs to the next. Where more came than is told, the page begins anew behind the gap.
    /// </summary>
    private void ShowFresh()
    {
        if (_fresh is [] || _page is null)
        {
            return;
        }

        var lines = _lines.ToDictionary(line => line.Id);
        var oldest = _page.Next ?? 0;
        foreach (var news in _fresh)
        {
            oldest = news.IsGap ? Math.Max(oldest, news.Lines[^1].Id) : oldest;
            foreach (var line in news.Lines)
            {
                _untold += lines.ContainsKey(line.Id) ? 0 : 1;
                lines[line.Id] = lines.TryGetValue(line.Id, out var shown) ? shown with { Requests = Math.Max(shown.Requests, line.Requests) } : line;
            }
        }

        _fresh.Clear();
        var inOrder = lines.Values.Where(line => line.Id >= oldest).OrderByDescending(line => line.Id).ToList();
        var isCut = inOrder.Count > MostLines || inOrder.Count < lines.Count;
        _lines = [.. inOrder.Take(MostLines)];
        _page = isCut ? _page with { Next = _lines[^1].Id, SearchedTo = null } : _page;
        _telling?.Request();
    }

    /// <summary>For whoever does not see the lines come.</summary>
    private void TellNews()
    {
        if (_untold > 0)
        {
            _announcement = _untold == 1 ? "1 new request." : string.Create(_english, $"{_untold:N0} new requests.");
            _untold = 0;
            StateHasChanged();
        }
    }

    private void OfferExport(Actor actor)
    {
        if (RendererInfo.IsInteractive)
        {
            _offered ??= Exports.Offer(actor.AccountId!.Value);
        }
    }

    /// <summary>The browser asks for the file by itself; this watches it.</summary>
    private void FollowExport()
    {
        EndExport();
        _export = _offered;
        _offered = Exports.Offer(_export!.AccountId);
        _exportTimer = Time.CreateTimer(_ => _ = InvokeAsync(ShowExport), null, _exportPace, _exportPace);
    }

    private void ShowExport()
    {
        if (_export?.State is LogExportState.Complete or LogExportState.BrokenOff)
        {
            _exportTimer?.Dispose();
        }

        StateHasChanged();
    }

    private void EndExport()
    {
        _exportTimer?.Dispose();
        _export?.Dispose();
        _export = null;
    }
}
