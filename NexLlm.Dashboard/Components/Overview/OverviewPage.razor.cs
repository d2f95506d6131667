using System.Globalization;
using Microsoft.AspNetCore.Components;
using MudBlazor;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Profile;
using NexLlm.Dashboard.Backups;
using NexLlm.Dashboard.Channels.Administration;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Logs;
using NexLlm.Dashboard.Usage;
using NexLlm.Dashboard.Usage.Statistics;

namespace NexLlm.Dashboard.Components.Overview;

/// <summary>The first page after logging in: status, quotas running out, rejections and recent changes.</summary>
public sealed partial class OverviewPage(
    CurrentUser user, UserClock words, ScopeChoice scopes, NavigationManager navigation, AccountService accounts, KeyPolicyService keys, LastDayStatistics lastDay,
    UsageForecast forecast, RequestLog requests, ChannelAdministration channels, UsageLedger ledger, BackupHistory backups, FirstSteps firstSteps,
    TimeProvider clock, ILogger<OverviewPage> log) : LivePage(log)
{
    private const int Few = 6;

    private static readonly CultureInfo _invariant = CultureInfo.InvariantCulture;
    private static readonly TimeSpan _pace = TimeSpan.FromSeconds(15);

    private OverviewFacts? _facts;
    private IReadOnlyList<StatusItem> _items = [];
    private IReadOnlyList<OverviewEnding> _endings = [];
    private bool _reading;

    /// <summary>For administrators: the scope of the figures, as in the URLs of other pages.</summary>
    [SupplyParameterFromQuery(Name = "of")]
    private string? Whose { get; set; }

    private UserClock Clock => words;

    private StatusSeverity Worst => _items.Min(item => item.Severity);

    private string Headline => (Count(StatusSeverity.Critical), Count(StatusSeverity.NeedsAttention)) switch
    {
        (0, 0) => "All systems operational",
        (0, 1) => "1 item needs attention",
        (0, var look) => string.Create(_invariant, $"{look} items need attention"),
        (1, 0) => "1 critical issue",
        (var wrong, 0) => string.Create(_invariant, $"{wrong} critical issues"),
        (var wrong, var look) => string.Create(_invariant, $"{wrong} critical, {look} {(look == 1 ? "needs" : "need")} attention"),
    };

    private int NotShown => _facts!.RunningOut.Count + _facts.Keys[KeyFilter.ExpiresSoon] - Math.Min(Few, _endings.Count);

    protected override async Task OnParametersSetAsync()
    {
        scopes.Choose(Whose);
        if (_facts is null || scopes.For(_facts.System is not null) != _facts.Scope)
        {
            await LoadOnceAsync();
        }
    }

    /// <summary>
    /// Unlike on other pages, a failed refresh is shown, because "All systems operational" must not stay on the screen when the
    /// state is unknown.
    /// </summary>
    protected override void Listen() => Every(clock, _pace, () => _ = QuietlyAsync(LoadOnceAsync));

    private static (string? Tone, string Icon, string Word) Mark(StatusSeverity severity) => severity switch
    {
        StatusSeverity.Critical => ("bad", "#i-warning", "Critical"),
        StatusSeverity.NeedsAttention => ("soon", "#i-clock", "Needs attention"),
        StatusSeverity.Ok => ("good", "#i-check", "OK"),
    };

    /// <summary>The thresholds of all quota bars.</summary>
    private static Color ColorOf(double used) => used switch { >= 0.9 => Color.Error, >= 0.7 => Color.Warning, _ => Color.Primary };

    /// <summary>A forecast within a day is given in hours and labeled as a forecast.</summary>
    private string When(OverviewEnding ending) => ending.At - words.Now is { TotalMinutes: >= 1, TotalHours: < 24 } left && ending.Quota is not null
        ? $"in about {UserClock.InWords(left)}"
        : UserClock.InSentence(words.Brief(ending.At));

    private int Count(StatusSeverity severity) => _items.Count(item => item.Severity == severity);

    /// <summary>Skips a refresh while the previous one is still running.</summary>
    private Task LoadOnceAsync() => _reading ? Task.CompletedTask : LoadAsync();

    protected override async Task ReadAsync()
    {
        _reading = true;
        try
        {
            var actor = await user.ActorAsync();
            // Runs off the circuit's thread, which keeps the page responsive.
            _facts = await Task.Run(() => ReadAsync(actor));
            _items = StatusItem.Of(_facts, words);
            _endings = OverviewEnding.Of(_facts);
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
        var scope = scopes.For(account.IsAdministrator);
        var onlyOwn = scope is UsageScope.Own;
        var day = await lastDay.ReadAsync(actor, scope, user.Zone);
        var from = day.Starts[0];
        var expiring = await keys.ListAsync(actor, new KeyQuery(Filter: KeyFilter.ExpiresSoon, Sort: KeySort.Expires, Descending: false, PageSize: Few));
        return new OverviewFacts(
            scope,
            account,
            await keys.CountAsync(actor, search: null),
            day,
            onlyOwn ? await requests.OwnRefusalsAsync(actor, from, now) : await requests.RefusalsAsync(actor, from, now),
            [.. (await forecast.ListAsync(actor)).Where(thing => !onlyOwn || thing.AccountId == account.Id)],
            expiring.Keys,
            account.IsAdministrator
                ? new SystemFacts(await channels.ListAsync(actor), ledger.CanRecord, await backups.LastAsync(actor), await firstSteps.ReadAsync(actor))
                : null);
    }
}
