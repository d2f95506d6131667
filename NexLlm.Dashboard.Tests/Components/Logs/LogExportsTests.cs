using NexLlm.Dashboard.Components.Logs;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Components.Logs;

/// <summary>What a page knows of the export that it offered.</summary>
public sealed class LogExportsTests
{
    private readonly LogExports _exports = new();

    [Fact]
    public void An_export_is_found_by_the_account_that_it_was_offered_to_until_nobody_watches_it()
    {
        var export = _exports.Offer(1);

        Assert.Same(export, _exports.Find(export.Id, 1));
        Assert.Null(_exports.Find(export.Id, 2));
        Assert.Null(_exports.Find(export.Id, null));
        export.Dispose();
        Assert.Null(_exports.Find(export.Id, 1));
    }

    [Fact]
    public void It_tells_how_many_lines_were_sent_and_how_far_back()
    {
        var export = _exports.Offer(1);
        Assert.Null(export.BackTo);
        export.Begin();
        export.Sent(3, NexLlmApp.Start);
        export.Sent(4, NexLlmApp.Start.AddHours(-1));

        Assert.Equal((7, NexLlmApp.Start.AddHours(-1), LogExportState.Running), (export.Lines, export.BackTo, export.State));
    }

    [Fact]
    public void One_that_the_browser_never_asked_for_can_be_cancelled_too()
    {
        var export = _exports.Offer(1);
        export.Cancel();

        Assert.Equal((LogExportState.BrokenOff, true), (export.State, export.Cancelled.IsCancellationRequested));
    }
}
