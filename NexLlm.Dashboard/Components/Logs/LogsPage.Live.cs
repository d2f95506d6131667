using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Logs;

namespace NexLlm.Dashboard.Components.Logs;

/// <summary>What changes on the open page by itself: new lines, while Live is on, and how far an export is.</summary>
public sealed partial class LogsPage
{
    private const int MostLines = 200;

    private static readonly TimeSpan _exportPace = TimeSpan.FromMilliseconds(500);

    private readonly List<LogEntry> _fresh = [];
    private IDisposable? _following;
    private LogExport? _offered;
    private LogExport? _export;
    private ITimer? _exportTimer;

    [Microsoft.AspNetCore.Components.Inject]
    private LogExports Exports { get; set; } = default!;

    private string ExportWords => _export!.State switch
    {
        LogExportState.Offered => "The export begins …",
        LogExportState.Running => string.Create(_english, $"Exporting: {_export.Lines:N0} lines so far."),
        LogExportState.Complete => string.Create(_english, $"Exported {_export.Lines:N0} lines."),
        LogExportState.BrokenOff => string.Create(_english, $"The export was broken off after {_export.Lines:N0} lines. The file is not complete."),
    };

    private async Task FollowAsync(Actor actor, CancellationToken cancellation)
    {
        StopFollowing();
        if (_address is { IsLive: true, Before: null, RequestId: null } && RendererInfo.IsInteractive)
        {
            _following = await Log.FollowAsync(actor, _address.ToQuery(Time.GetUtcNow()), lines => _ = InvokeAsync(() => Hear(lines)), cancellation);
        }
    }

    private void StopFollowing()
    {
        _following?.Dispose();
        _following = null;
        _fresh.Clear();
    }

    private void Hear(IReadOnlyList<LogEntry> lines)
    {
        if (_following is null)
        {
            return;
        }

        _fresh.AddRange(lines);
        if (_loading is null)
        {
            ShowFresh();
            StateHasChanged();
        }
    }

    /// <summary>Puts what was heard on top of what was read. A line that is there already was told of again because more requests share it.</summary>
    private void ShowFresh()
    {
        if (_fresh is [])
        {
            return;
        }

        var lines = _lines.ToDictionary(line => line.Id);
        foreach (var line in _fresh)
        {
            lines[line.Id] = lines.TryGetValue(line.Id, out var shown) ? shown with { Requests = Math.Max(shown.Requests, line.Requests) } : line;
        }

        _fresh.Clear();
        _lines = [.. lines.Values.OrderByDescending(line => line.Id).Take(MostLines)];
        _page = _lines.Count == MostLines ? _page! with { Next = _lines[^1].Id, SearchedBackTo = null } : _page;
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
