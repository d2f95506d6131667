using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Administration;
using NexLlm.Dashboard.Components.Shared;

namespace NexLlm.Dashboard.Components.Channels;

/// <summary>Every channel; how each does is read again every two seconds, and what others change when they change it.</summary>
public sealed partial class ChannelList(
    AdministratorsOnly administrators, ChannelAdministration channels, ChannelChanges changes, NavigationManager navigation, TimeProvider time, PersonClock clock,
    ILogger<ChannelList> log) : LivePage(log)
{
    private static readonly TimeSpan _healthEvery = TimeSpan.FromSeconds(2);

    private static readonly (string Label, ChannelSort? Sort)[] _columns =
    [
        ("Name", ChannelSort.Name), ("Status", null), ("Models", null), ("Groups", null), ("Priority", ChannelSort.Priority), ("Weight", null),
        ("Errors (5 min)", ChannelSort.Errors),
    ];

    private IReadOnlyList<ChannelDetails>? _channels;
    private ChannelListAddress _address = ChannelListAddress.Default;
    private Actor? _actor;
    private string? _announcement;
    private bool _rowIsGone;
    private ImpactDialog _dialog = default!;
    private ElementReference _heading;
    private IDisposable? _changes;
    private Throttle? _refresh;
    private ITimer? _health;

    [SupplyParameterFromQuery(Name = "q")]
    private string? SearchText { get; set; }

    [SupplyParameterFromQuery(Name = "sort")]
    private string? SortSlug { get; set; }

    [SupplyParameterFromQuery(Name = "dir")]
    private string? SortDirection { get; set; }

    private PersonClock Clock => clock;

    public void Dispose()
    {
        _changes?.Dispose();
        _refresh?.Dispose();
        _health?.Dispose();
    }

    protected override Task OnInitializedAsync() => LoadAsync();

    protected override void OnParametersSet() => _address = ChannelListAddress.Read(SearchText, SortSlug, SortDirection);

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _refresh = new Throttle(time, TimeSpan.FromSeconds(1), () => _ = RefreshAsync());
            _changes = changes.Subscribe(_ => _refresh.Request());
            _health = time.CreateTimer(_ => _ = QuietlyAsync(ReadHealthAsync), null, _healthEvery, _healthEvery);
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
            // A list that was loaded meanwhile is newer than this.
            _channels = _channels == shown
                ? [.. shown.Select(c => c with { Health = c.IsEnabled && health.TryGetValue(c.Id, out var now) ? now : null })]
                : _channels;
        }
    }

    private void Search(string text) => navigation.NavigateTo(PageUrls.Channels(_address.Searching(text)), replace: true);

    private Task ToggleAsync(ChannelDetails channel) => GuardedAsync(() =>
    {
        Error = null;
        return channel.IsEnabled
            ? _dialog.AskAsync(ChannelQuestions.SwitchOff(channel, () => SetEnabledAsync(channel, enabled: false)))
            : SetEnabledAsync(channel, enabled: true);
    });

    private async Task SetEnabledAsync(ChannelDetails channel, bool enabled)
    {
        _announcement = await channels.SetEnabledAsync(_actor!, channel.Id, enabled)
            ? $"{channel.Name} {(enabled ? "enabled" : "disabled")}."
            : $"{channel.Name} no longer exists.";
        await RefreshAsync();
    }

    private Task DeleteAsync(ChannelDetails channel) => _dialog.AskAsync(ChannelQuestions.Delete(channel, async () =>
    {
        await channels.DeleteAsync(_actor!, channel.Id);
        _announcement = $"{channel.Name} deleted.";
        _rowIsGone = true;
        await RefreshAsync();
    }));

    /// <summary>The button that opened the dialog may be gone with its row; without a place, the focus would fall to the document.</summary>
    private async Task FocusAsync()
    {
        if (_rowIsGone)
        {
            _rowIsGone = false;
            await _heading.FocusAsync();
        }
    }

    private string? Direction(ChannelSort? sort) =>
        sort is null ? null : sort != _address.Sort ? "none" : _address.Descending ? "descending" : "ascending";
}
