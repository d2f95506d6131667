using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Accounts.Profile;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Components.Urls;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Usage.Statistics;

namespace NexLlm.Dashboard.Components.Usage;

public sealed partial class UsagePage(
    UsageStatistics statistics, AccountService accounts, KeyChanges changes, CurrentUser user, ScopeChoice scopes, NavigationManager navigation,
    TimeProvider clock, ILogger<UsagePage> log) : LivePage(log)
{
    private static readonly TimeSpan _atMost = TimeSpan.FromSeconds(5);

    private UsageAddress _address = UsageAddress.Default;
    private UsageReport? _report;
    private UsageQuery _answered = UsageAddress.Default.Question(new UsageScope.Own());
    private CancellationTokenSource? _loading;
    private string? _announcement;
    private long _accountId;
    private bool _isAdministrator;

    // Separate parameters, so that the page is notified when one changes.
    [SupplyParameterFromQuery(Name = "days")]
    private string? Days { get; set; }

    [SupplyParameterFromQuery(Name = "from")]
    private string? From { get; set; }

    [SupplyParameterFromQuery(Name = "to")]
    private string? To { get; set; }

    [SupplyParameterFromQuery(Name = "step")]
    private string? StepSlug { get; set; }

    [SupplyParameterFromQuery(Name = "by")]
    private string? GroupingSlug { get; set; }

    [SupplyParameterFromQuery(Name = "show")]
    private string? MeasureSlug { get; set; }

    [SupplyParameterFromQuery(Name = "of")]
    private string? WhoseSlug { get; set; }

    [SupplyParameterFromQuery(Name = "only")]
    private string? Only { get; set; }

    // Of the displayed report, which differs from the URL while a new one is loading.
    private UsageStep Step => _answered.Step;

    private UsageGrouping Grouping => _answered.Grouping;

    private UsageMeasure Measure => _answered.Measure;

    private UsageScope Scope => _answered.Scope;

    private string? Whose => Scope switch
    {
        UsageScope.Everybody => ScopeChoice.All,
        _ when Scope is UsageScope.Own || Scope == new UsageScope.OfAccount(_accountId) => ScopeChoice.Mine,
        _ => null,
    };

    private string ChartTitle
    {
        get
        {
            var only = _report!.Series.FirstOrDefault(s => UsageShares.Slug(s.Of) == _address.Only)?.Of;
            return $"{Measure.Label()} by {(Step is UsageStep.Day ? "day" : "hour")}{(only is null ? "" : $": {UsageShares.FullName(only)}")}";
        }
    }

    private string Versus => _answered.Range switch
    {
        UsageRange.Last(1) => "previous 24 hours",
        UsageRange.Month(0) => "last month by now",
        UsageRange.Month => "the month before",
        _ => FormattableString.Invariant($"previous {PeriodDays} {(PeriodDays == 1 ? "day" : "days")}"),
    };

    private int PeriodDays => _answered.Range switch
    {
        UsageRange.Last(var days) => days,
        UsageRange.Between(var first, var final) => final.DayNumber - first.DayNumber + 1,
        _ => 0,
    };

    private string Intro => Scope switch
    {
        UsageScope.Everybody => "Tokens and requests across all accounts",
        UsageScope.OfAccount => $"Tokens and requests of {_report?.Whose ?? "this account"}",
        _ => "Tokens and requests of your account",
    };

    public override void Dispose()
    {
        _loading?.Cancel();
        base.Dispose();
    }

    protected override async Task OnParametersSetAsync()
    {
        var address = UsageAddress.Read(name => name switch
        {
            "days" => Days,
            "from" => From,
            "to" => To,
            "step" => StepSlug,
            "by" => GroupingSlug,
            "show" => MeasureSlug,
            "of" => WhoseSlug,
            "only" => Only,
            _ => null,
        });
        scopes.Choose(WhoseSlug);
        if (address == _address && _report is not null)
        {
            return;
        }

        var isAnswered = _report is not null && address with { Only = null } == _address with { Only = null };
        _address = address;
        if (!isAnswered)
        {
            await LoadAsync();
        }
    }

    protected override void Listen()
    {
        var refresh = RefreshAtMost(clock, _atMost);
        Own(changes.Subscribe(change =>
        {
            if (change.OnlyUsage && Shows(change.OwnerId))
            {
                refresh.Request();
            }
        }));
        // Hours and days start, and averages fall, even without usage.
        Every(clock, TimeSpan.FromMinutes(1), refresh.Request);
    }

    private bool Shows(long accountId) => Scope switch
    {
        UsageScope.Everybody => true,
        UsageScope.OfAccount(var id) => id == accountId,
        _ => accountId == _accountId,
    };

    protected override void Announce() =>
        _announcement = _report is null ? null : FormattableString.Invariant($"{_report.Total.Requests:N0} requests.");

    protected override async Task ReadAsync()
    {
        _loading?.Cancel();
        using var loading = new CancellationTokenSource();
        _loading = loading;
        try
        {
            var actor = await user.ActorAsync();
            var account = await accounts.GetAsync(actor, loading.Token);
            (_accountId, _isAdministrator) = (account.Id, account.IsAdministrator);
            var question = _address.Question(scopes.For(account.IsAdministrator));
            var maySee = _isAdministrator || question.Scope is UsageScope.Own || question.Scope == new UsageScope.OfAccount(account.Id);
            // Runs off the circuit's thread, which keeps the page responsive.
            var report = maySee ? await Task.Run(() => statistics.ForAsync(actor, question, user.Zone, loading.Token), loading.Token) : null;
            loading.Token.ThrowIfCancellationRequested();
            if (report is null)
            {
                navigation.NotFound();
                return;
            }

            (_report, _answered) = (report, question);
        }
        catch (OperationCanceledException) when (loading.IsCancellationRequested)
        {
            // A newer load replaces this one.
        }
        finally
        {
            _loading = _loading == loading ? null : _loading;
        }
    }

    private void Go(UsageAddress address) => navigation.NavigateTo(PageUrls.Usage(address));
}
