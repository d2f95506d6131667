using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Administration;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Components.Groups;

/// <summary>Every group, read again when somebody changes one or a channel.</summary>
public sealed partial class GroupList(
    AdministratorsOnly administrators, GroupAdministration groups, ChannelUse use, ChannelChanges changes, TimeProvider time, ILogger<GroupList> log)
    : LivePage(log)
{
    private IReadOnlyList<GroupDetails>? _groups;
    private IReadOnlyDictionary<long, KeyCount> _keys = new Dictionary<long, KeyCount>();
    private IDisposable? _changes;
    private Throttle? _refresh;

    [SupplyParameterFromQuery(Name = "page")]
    private int? PageNumber { get; set; }

    public void Dispose()
    {
        _changes?.Dispose();
        _refresh?.Dispose();
    }

    protected override Task OnInitializedAsync() => LoadAsync();

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _refresh = new Throttle(time, TimeSpan.FromSeconds(1), () => _ = RefreshAsync());
            _changes = changes.Subscribe(_ => _refresh.Request());
        }
    }

    protected override async Task ReadAsync()
    {
        if (await administrators.EnterAsync() is { } actor)
        {
            (_groups, _keys) = (await groups.ListAsync(actor), await use.CountByGroupAsync(actor));
        }
    }
}
