using System.Globalization;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Accounts.History;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Backups;
using NexLlm.Dashboard.Channels.Administration;
using NexLlm.Dashboard.Components.Audit;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Components.Usage;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Logs;
using NexLlm.Dashboard.Usage;
using NexLlm.Dashboard.Usage.Statistics;

namespace NexLlm.Dashboard.Components.Overview;

/// <summary>The first page after logging in: is all well, what runs out, what was refused, what changed.</summary>
public sealed partial class OverviewPage(
    Person person, PersonClock words, AccountService accounts, KeyPolicyService keys, UsageStatistics statistics, UsageForecast forecast,
    RequestLog requests, ChangeHistory history, ChannelAdministration channels, UsageLedger ledger, BackupHistory backups, TimeProvider clock,
    ILogger<OverviewPage> log) : IDisposable
{
    private const int Few = 6;

    private static readonly CultureInfo _invariant = CultureInfo.InvariantCulture;
    private static readonly TimeSpan _pace = TimeSpan.FromSeconds(15);

    private OverviewFacts? _facts;
    private IReadOnlyList<OverviewNote> _notes = [];
    private IReadOnlyList<OverviewEnding> _endings = [];
    private ITimer? _refresh;
    private bool _reading;
    private bool _failed;

    private PersonClock Clock => words;

    private Weight Worst => _notes.Min(note => note.Weight);

    private string Headline => (Count(Weight.Wrong), Count(Weight.Look)) switch
    {
        (0, 0) => "All systems operational",
        (0, 1) => "1 item needs attention",
        (0, var look) => string.Create(_invariant, $"{look} items need attention"),
        (1, 0) => "1 critical issue",
        (var wrong, 0) => string.Create(_invariant, $"{wrong} critical issues"),
        (var wrong, var look) => string.Create(_invariant, $"{wrong} critical, {look} {(look == 1 ? "needs" : "need")} attention"),
    };

    private int NotShown => _facts!.RunningOut.Count + _facts.Keys[KeyFilter.ExpiresSoon] - Math.Min(Few, _endings.Count);

    /// <summary>Of everybody for an administrator, as all figures here are.</summary>
    private string UsageUrl => PageUrls.Usage(UsageAddress.Default.Over(new UsageRange.Last(1)).Of(_facts!.System is null ? new UsageScope.Own() : new UsageScope.Everybody()));

    public void Dispose() => _refresh?.Dispose();

    protected override Task OnInitializedAsync() => LoadAsync();

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _refresh = clock.CreateTimer(_ => _ = InvokeAsync(RefreshAsync), null, _pace, _pace);
        }
    }

    private static (string? Tone, string Icon, string Word) Mark(Weight weight) => weight switch
    {
        Weight.Wrong => ("bad", "#i-warning", "Critical"),
        Weight.Look => ("soon", "#i-clock", "Needs attention"),
        Weight.Fine => ("good", "#i-check", "OK"),
    };

    private static IEnumerable<(string Label, long Value)> Figures(UsageFigures day) =>
        [("Requests", day.Requests), ("Input tokens", day.InputTokens), ("Output tokens", day.OutputTokens), ("Charged", day.ChargedTokens)];

    /// <summary>A forecast within a day is told in hours, and as what it is.</summary>
    private string When(OverviewEnding ending) => ending.At - words.Now is { TotalMinutes: >= 1, TotalHours: < 24 } left && ending.Quota is not null
        ? $"in about {PersonClock.InWords(left)}"
        : PersonClock.InSentence(words.Brief(ending.At));

    private int Count(Weight weight) => _notes.Count(note => note.Weight == weight);

    /// <summary>Unlike elsewhere a failure shows: "All systems operational" must not stay on the screen when nobody knows.</summary>
    private async Task RefreshAsync()
    {
        try
        {
            await LoadAsync();
            StateHasChanged();
        }
        catch (AccessDeniedException denied)
        {
            await DispatchExceptionAsync(denied);
        }
    }

    private async Task LoadAsync()
    {
        if (_reading)
        {
            return;
        }

        _reading = true;
        try
        {
            var actor = await person.ActorAsync();
            // Off the circuit's own thread, which has a screen to keep alive.
            _facts = await Task.Run(() => ReadAsync(actor));
            _notes = OverviewNote.Of(_facts, words);
            _endings = OverviewEnding.Of(_facts);
            _failed = false;
        }
        catch (Exception error) when (error is not AccessDeniedException)
        {
            LogFailure(error);
            _failed = true;
        }
        finally
        {
            _reading = false;
        }
    }

    private async Task<OverviewFacts> ReadAsync(Actor actor)
    {
        var account = await accounts.GetAsync(actor);
        var now = clock.GetUtcNow();
        var scope = account.IsAdministrator ? (UsageScope)new UsageScope.Everybody() : new UsageScope.Own();
        var day = await statistics.ForAsync(actor, new UsageQuestion(scope, new UsageRange.Last(1), UsageStep.Hour), person.Zone);
        var expiring = await keys.ListAsync(actor, new KeyQuery(Filter: KeyFilter.ExpiresSoon, Sort: KeySort.Expires, Descending: false, PageSize: Few));
        var changes = (await history.SearchAsync(actor, new AuditQuery(AuditWords.Changes, PageSize: Few))).Rows;
        return new OverviewFacts(
            account,
            await keys.CountAsync(actor, search: null),
            day!.Total,
            await requests.RefusalsAsync(actor, now - LogQuery.DefaultRange, now),
            await forecast.ListAsync(actor),
            expiring.Keys,
            changes,
            await keys.NamesAsync(actor, [.. changes.Select(c => c.KeyId).OfType<long>().Distinct()]),
            account.IsAdministrator ? new SystemFacts(await channels.ListAsync(actor), ledger.CanRecord, await backups.LastAsync(actor)) : null);
    }

    [LoggerMessage(LogLevel.Error, "The overview could not be read.")]
    private partial void LogFailure(Exception error);
}
