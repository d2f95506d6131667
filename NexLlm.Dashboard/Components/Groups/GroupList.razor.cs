using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Channels;
using NexLlm.Dashboard.Channels.Administration;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Components.Groups;

/// <summary>Every group, read again when somebody changes one or a channel.</summary>
public sealed partial class GroupList(
    AdministratorsOnly administrators, GroupAdministration groups, ChannelUse use, ChannelChanges changes, TimeProvider time, ILogger<GroupList> log)
{
    private IReadOnlyList<GroupDetails>? _groups;
    private IReadOnlyDictionary<long, KeyCount> _keys = new Dictionary<long, KeyCount>();
    private Actor? _actor;
    private bool _failed;
    private IDisposable? _changes;
    private Throttle? _refresh;

    public void Dispose()
    {
        _changes?.Dispose();
        _refresh?.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        _actor = await administrators.EnterAsync();
        await LoadAsync();
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _refresh = new Throttle(time, TimeSpan.FromSeconds(1), () => _ = InvokeAsync(RefreshAsync));
            _changes = changes.Subscribe(_ => _refresh.Request());
        }
    }

    private async Task LoadAsync()
    {
        if (_actor is null)
        {
            return;
        }

        try
        {
            _groups = await groups.ListAsync(_actor);
            _keys = await use.CountByGroupAsync(_actor);
            _failed = false;
        }
        catch (Exception error) when (error is not AccessDeniedException)
        {
            LogFailure(error);
            _failed = true;
        }
    }

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

    [LoggerMessage(LogLevel.Error, "Groups could not be read.")]
    private partial void LogFailure(Exception error);
}
