using System.Globalization;
using NexLlm.Dashboard.Components.Shared;

namespace NexLlm.Dashboard.Components.Logs;

/// <summary>The export that a page offers by a link, and the one that it follows until it ends.</summary>
/// <param name="changed">Called now and then while an export is followed, on any thread; answered by <see cref="Show"/>.</param>
internal sealed class LogDownload(LogExports exports, Notifications notifications, UserClock clock, TimeProvider time, Action changed) : IDisposable
{
    private static readonly TimeSpan _pace = TimeSpan.FromMilliseconds(500);

    private ITimer? _timer;

    /// <summary>Null until there is one to ask for.</summary>
    public LogExport? Offered { get; private set; }

    /// <summary>Null unless the browser asked for one.</summary>
    public LogExport? Followed { get; private set; }

    public string Progress => Followed switch
    {
        { State: LogExportState.Offered } => "Starting export…",
        { BackTo: { } back } => string.Create(CultureInfo.InvariantCulture, $"Exporting: {Followed.Lines:N0} rows, back to {clock.Moment(back)}."),
        _ => "Exporting…",
    };

    public void Offer(long accountId) => Offered ??= exports.Offer(accountId);

    /// <summary>The browser asks for the file by itself; this watches it.</summary>
    public void Follow()
    {
        End();
        Followed = Offered;
        Offered = exports.Offer(Followed!.AccountId);
        _timer = time.CreateTimer(_ => changed(), null, _pace, _pace);
    }

    /// <summary>Once it has ended, says how.</summary>
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
