using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Administration;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Components.Urls;

namespace NexLlm.Dashboard.Components.Channels;

/// <summary>The list of channels. Their health is reloaded every two seconds, and other people's changes as they happen.</summary>
public sealed partial class ChannelList(
    AdministratorsOnly administrators, ChannelAdministration channels, ChannelChanges changes, ImpactQuestions questions, Notifications notifications,
    NavigationManager navigation, TimeProvider time, UserClock clock, ILogger<ChannelList> log) : LivePage(log)
{
    private static readonly TimeSpan _healthEvery = TimeSpan.FromSeconds(2);

    private static readonly (string Label, ChannelSort? Sort)[] _columns =
    [
        ("Name", ChannelSort.Name), ("Status", null), ("Models", null), ("Groups", null), ("Priority", ChannelSort.Priority),
        ("Errors (5 min)", ChannelSort.Errors),
    ];

    private IReadOnlyList<ChannelDetails>? _channels;
    private ChannelListAddress _address = ChannelListAddress.Default;
    private Actor? _actor;
    private PageHeader _header = default!;
    private bool _rowIsGone;

    [SupplyParameterFromQuery(Name = "q")]
    private string? SearchText { get; set; }

    [SupplyParameterFromQuery(Name = "sort")]
    private string? SortSlug { get; set; }

    [SupplyParameterFromQuery(Name = "dir")]
    private string? SortDirection { get; set; }

    [SupplyParameterFromQuery(Name = "page")]
    private int? PageNumber { get; set; }

    private UserClock Clock => clock;

    protected override Task OnInitializedAsync() => LoadAsync();

    protected override void OnParametersSet() => _address = ChannelListAddress.Read(SearchText, SortSlug, SortDirection, PageNumber);

    protected override void Listen()
    {
        var refresh = RefreshAtMost(time, TimeSpan.FromSeconds(1));
        Own(changes.Subscribe(_ => refresh.Request()));
        Every(time, _healthEvery, () => _ = QuietlyAsync(ReadHealthAsync));
    }

    /// <summary>
    /// The menu that opened the dialog was removed with its row; without a target, the focus would fall back to the document when
    /// the dialog closes.
    /// </summary>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_rowIsGone)
        {
            _rowIsGone = false;
            await _header.FocusAsync();
        }
    }

    protected override async Task ReadAsync()
    {
        if (await administrators.EnterAsync() is { } actor)
        {
            (_actor, _channels) = (actor, await channels.ListAsync(actor));
        }
    }

    private async Task ReadHealthAsync()
    {
        if (_actor is not null && _channels is { } shown)
        {
            var health = await channels.HealthAsync(_actor);
            // A list loaded in the meantime is newer.
            _channels = _channels == shown
                ? [.. shown.Select(c => c with { Health = c.IsEnabled && health.TryGetValue(c.Id, out var now) ? now : null })]
                : _channels;
        }
    }

    private void Search(string text) => navigation.NavigateTo(PageUrls.Channels(_address.Searching(text)), replace: true);

    /// <summary>Handles the sort list shown when there is no table head. Selecting the current column changes nothing.</summary>
    private void Sort(ChannelSort sort)
    {
        if (sort != _address.Sort)
        {
            navigation.NavigateTo(PageUrls.Channels(_address.SortedBy(sort)), replace: true);
        }
    }

    private static string LabelOf(ChannelSort sort) => _columns.First(c => c.Sort == sort).Label;

    private async Task ToggleAsync(ChannelDetails channel)
    {
        await GuardedAsync(() => channel.IsEnabled
            ? questions.AskAsync(ChannelQuestions.SwitchOff(channel, () => SetEnabledAsync(channel, enabled: false)))
            : SetEnabledAsync(channel, enabled: true));
        TellFailure();
    }

    private async Task SetEnabledAsync(ChannelDetails channel, bool enabled, bool canUndo = true)
    {
        if (await channels.SetEnabledAsync(_actor!, channel.Id, enabled))
        {
            notifications.Succeeded($"{channel.Name} {(enabled ? "enabled" : "disabled")}.", canUndo ? () => UndoAsync(channel, !enabled) : null);
        }
        else
        {
            notifications.Failed($"{channel.Name} no longer exists.");
        }

        await RefreshAsync();
    }

    private Task UndoAsync(ChannelDetails channel, bool enabled) => InvokeAsync(async () =>
    {
        await GuardedAsync(() => SetEnabledAsync(channel, enabled, canUndo: false));
        TellFailure();
    });

    private async Task DeleteAsync(ChannelDetails channel)
    {
        _rowIsGone = await questions.AskAsync(ChannelQuestions.Delete(channel, () => DeleteConfirmedAsync(channel)));
    }

    private async Task DeleteConfirmedAsync(ChannelDetails channel)
    {
        await channels.DeleteAsync(_actor!, channel.Id);
        notifications.Succeeded($"{channel.Name} deleted.");
        await RefreshAsync();
    }

    private void TellFailure()
    {
        if (Error is { } error)
        {
            Error = null;
            notifications.Failed(error);
        }
    }

    private string? Direction(ChannelSort? sort) =>
        sort is null ? null : sort != _address.Sort ? "none" : _address.Descending ? "descending" : "ascending";
}
