using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Administration;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Components.Groups;

/// <summary>The list of groups, reloaded when a group or a channel changes.</summary>
public sealed partial class GroupList(
    AdministratorsOnly administrators, GroupAdministration groups, ChannelImpact use, ChannelChanges changes, TimeProvider time, ILogger<GroupList> log)
    : LivePage(log)
{
    private IReadOnlyList<GroupDetails>? _groups;
    private IReadOnlyDictionary<long, KeyCount> _keys = new Dictionary<long, KeyCount>();

    [SupplyParameterFromQuery(Name = "page")]
    private int? PageNumber { get; set; }

    protected override Task OnInitializedAsync() => LoadAsync();

    protected override void Listen()
    {
        var refresh = RefreshAtMost(time, TimeSpan.FromSeconds(1));
        Own(changes.Subscribe(_ => refresh.Request()));
    }

    protected override async Task ReadAsync()
    {
        if (await administrators.EnterAsync() is { } actor)
        {
            (_groups, _keys) = (await groups.ListAsync(actor), await use.CountByGroupAsync(actor));
        }
    }
}
