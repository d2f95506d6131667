using System.Globalization;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Accounts.History;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Backups;
using NexLlm.Dashboard.Channels.Administration;
using NexLlm.Dashboard.Components.Shared;
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
    private const int MostReasons = 8;

    private static readonly CultureInfo _invariant = CultureInfo.InvariantCulture;
    private static readonly TimeSpan _pace = TimeSpan.FromSeconds(15);

    private OverviewFacts? _facts;
    private IReadOnlyList<OverviewNote> _notes = [];
    private ITimer? _refresh;
    private bool _failed;

    private PersonClock Clock => words;

    private string Headline => _notes.Count(note => note.Weight is not Weight.Fine) switch
    {
        _ when _facts is null => "",
        0 => "Everything is in order.",
        1 => "One thing is worth a look.",
        var several => string.Create(_invariant, $"{several} things are worth a look."),
    };

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
        Weight.Wrong => ("bad", "#i-warning", "Wrong"),
        Weight.Look => ("soon", "#i-clock", "Look"),
        Weight.Fine => ("good", "#i-check", "Fine"),
    };

    private static IEnumerable<(string Label, long Value)> Figures(UsageFigures day) =>
        [("Requests", day.Requests), ("Tokens in", day.InputTokens), ("Tokens out", day.OutputTokens), ("Charged", day.ChargedTokens)];

    private string UrlOf(RunningOut thing) => thing.KeyId is { } key
        ? PageUrls.Key(key)
        : thing.AccountId == _facts!.Account.Id ? PageUrls.Account : PageUrls.AccountOf(thing.AccountId);

    private async Task RefreshAsync()
    {
        await LoadAsync();
        StateHasChanged();
    }

    private async Task LoadAsync()
    {
        try
        {
            _facts = await ReadAsync(await person.ActorAsync());
            _notes = OverviewNote.Of(_facts, words);
            _failed = false;
        }
        catch (Exception error) when (error is not AccessDeniedException)
        {
            LogFailure(error);
            _failed = true;
        }
    }

    private async Task<OverviewFacts> ReadAsync(Actor actor)
    {
        var account = await accounts.GetAsync(actor);
        var now = clock.GetUtcNow();
        var scope = account.IsAdministrator ? (UsageScope)new UsageScope.Everybody() : new UsageScope.Own();
        var day = await statistics.ForAsync(actor, new UsageQuestion(scope, new UsageRange.Last(1), UsageStep.Hour), person.Zone);
        var expiring = await keys.ListAsync(actor, new KeyQuery(Filter: KeyFilter.ExpiresSoon, Sort: KeySort.Expires, Descending: false, PageSize: Few));
        var changes = (await history.SearchAsync(actor, new AuditQuery(PageSize: Few))).Rows;
        return new OverviewFacts(
            account,
            await keys.CountAsync(actor, search: null),
            day!.Total,
            await requests.RefusalsAsync(actor, now - LogQuery.DefaultRange, now),
            [.. (await forecast.ListAsync(actor)).Take(Few)],
            expiring.Keys,
            changes,
            await keys.NamesAsync(actor, [.. changes.Select(c => c.KeyId).OfType<long>().Distinct()]),
            account.IsAdministrator ? new SystemFacts(await channels.ListAsync(actor), ledger.CanRecord, await backups.LastAsync(actor)) : null);
    }

    [LoggerMessage(LogLevel.Error, "The overview could not be read.")]
    private partial void LogFailure(Exception error);
}
