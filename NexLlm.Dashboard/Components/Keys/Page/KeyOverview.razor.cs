using Microsoft.AspNetCore.Components;
using MudBlazor;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Components.Urls;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Keys.Policy;
using NexLlm.Dashboard.Usage.Statistics;

namespace NexLlm.Dashboard.Components.Keys.Page;

/// <summary>The page of one key: the user's own, or any key for an administrator. Usage is current, a few seconds old.</summary>
public sealed partial class KeyOverview(
    CurrentUser user, KeyFactsReader reader, KeyChanges changes, NavigationManager navigation, TimeProvider clock,
    UserClock words, KeyToggle keySwitch, IDialogService dialogs, ILogger<KeyOverview> log) : LivePage(log)
{
    private static readonly TimeSpan _atMost = TimeSpan.FromSeconds(5);

    private KeyFacts? _facts;
    private long? _actorId;
    private int _days;
    private UsageStep _step;
    private KeyTab _tab;
    private bool _isGone;

    [Parameter]
    public long Id { get; set; }

    /// <summary>The slug of a <see cref="KeyTab"/>; null for the overview.</summary>
    [Parameter]
    public string? Tab { get; set; }

    [SupplyParameterFromQuery(Name = "days")]
    private string? Days { get; set; }

    private UserClock Clock => words;

    private bool IsOwn => _facts?.Key.OwnerId == _actorId;

    protected override async Task OnParametersSetAsync()
    {
        if (KeyTabs.BySlug(Tab) is not { } tab)
        {
            navigation.NotFound();
            return;
        }

        _tab = tab;
        var days = UsageAddress.ReadDays(Days);
        if (_facts?.Key.Id != Id || days != _days)
        {
            (_days, _step) = (days, UsageAddress.UsualStep(new UsageRange.Last(days)));
            await LoadAsync();
        }
    }

    protected override void Listen()
    {
        var refresh = RefreshAtMost(clock, _atMost);
        Own(changes.Subscribe(change =>
        {
            if (change.KeyIds.Contains(Id))
            {
                refresh.Request();
            }
        }));
        // Rejected requests don't change a key, and relative times advance.
        Every(clock, TimeSpan.FromMinutes(1), refresh.Request);
    }

    protected override async Task ReadAsync()
    {
        var (id, days, step) = (Id, _days, _step);
        var actor = await user.ActorAsync();
        // Runs off the circuit's thread, which keeps the page responsive.
        var facts = await Task.Run(() => reader.ReadAsync(actor, id, new UsageRange.Last(days), step, user.Zone));
        if ((id, days, step) != (Id, _days, _step))
        {
            return;
        }

        // A key deleted while the page is open, perhaps by this user, stays displayed as it was.
        _isGone = facts is null && _facts?.Key.Id == id;
        if (facts is not null)
        {
            (_actorId, _facts) = (actor.AccountId, facts);
        }
        else if (!_isGone)
        {
            _facts = null;
            navigation.NotFound();
        }
    }

    private async Task ToggleAsync()
    {
        var key = _facts!.Key;
        if (await keySwitch.SetEnabledAsync([key], !key.IsEnabled))
        {
            await ReadAsync();
        }
    }

    /// <summary>The most likely next action of its owner.</summary>
    private (string Label, string Url) Next(KeyDetails key)
    {
        var (label, option) = key.StatusAt(Clock.Now) switch
        {
            KeyStatus.Expired => ("Extend", KeyOption.Expiration),
            KeyStatus.QuotaExhausted => ("Add tokens", KeyOption.RemainingQuota),
            _ => ("Edit", (KeyOption?)null),
        };
        return (label, PageUrls.EditKey(key.Id) + (option is null ? "" : $"#{option.Id}"));
    }

    private async Task DeleteAsync()
    {
        var key = _facts!.Key;
        if (await dialogs.DeleteKeysAsync([key]))
        {
            navigation.NavigateTo(IsOwn ? PageUrls.Keys() : PageUrls.AccountOf(key.OwnerId));
        }
    }
}
