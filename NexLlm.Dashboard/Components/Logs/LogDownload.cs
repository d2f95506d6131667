using System.Globalization;
using NexLlm.Dashboard.Components.Shared;

namespace NexLlm.Dashboard.Components.Logs;

/// <summary>The export a page offers as a link, and the one it tracks until it ends.</summary>
/// <param name="changed">Called repeatedly while an export is tracked, on any thread; call <see cref="Show"/> in response.</param>
internal sealed class LogDownload(LogExports exports, Notifications notifications, UserClock clock, TimeProvider time, Action changed) : IDisposable
{
    private static readonly TimeSpan _pace = TimeSpan.FromMilliseconds(500);

    private ITimer? _timer;

    /// <summary>Null until one is offered.</summary>
    public LogExport? Offered { get; private set; }

    /// <summary>Null unless the browser has requested one.</summary>
    public LogExport? Followed { get; private set; }

    public string Progress => Followed switch
    {
        { State: LogExportState.Offered } => "Starting export…",
        { BackTo: { } back } => string.Create(CultureInfo.InvariantCulture, $"Exporting: {Followed.Lines:N0} rows, back to {clock.Moment(back)}."),
        _ => "Exporting…",
    };

    public void Offer(long accountId) => Offered ??= exports.Offer(accountId);

    /// <summary>Tracks the export while the browser downloads the file by itself.</summary>
    public void Follow()
    {
        End();
        Followed = Offered;
        Offered = exports.Offer(Followed!.AccountId);
        _timer = time.CreateTimer(_ => changed(), null, _pace, _pace);
    }

    /// <summary>Reports the result once it has ended.</summary>
    public void Show()
    {
        if (Followed is not { State: LogExportState.Complete or LogExportState.BrokenOff } over)
        {
            return;
        }

        End();
        if (over.State is LogExportState.Complete)
        {
            notifications.Succeeded(string.Create(CultureInfo.InvariantCulture, $"Exported {over.Lines:N0} rows."));
        }
        else
        {
            notifications.Failed(string.Create(CultureInfo.InvariantCulture, $"Export stopped after {over.Lines:N0} rows. The file is incomplete."));
        }
    }

    public void Dispose()
    {
        End();
        Offered?.Dispose();
    }

    private void End()
    {
        _timer?.Dispose();
        Followed?.Dispose();
        Followed = null;
    }
}
