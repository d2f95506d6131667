using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Components.Keys;

public sealed partial class DeletedKeys(
    KeyPolicyService keys, KeyUndo recovery, KeyChanges changes, CurrentUser user, UserClock clock, TimeProvider time, IOptions<ApiKeyOptions> options,
    ILogger<DeletedKeys> log) : LivePage(log)
{
    private static readonly Dictionary<string, object?> _table = new() { ["aria-label"] = "Recently deleted API keys" };

    private IReadOnlyList<KeyDetails>? _keys;
    private long? _ownerId;
    private bool _restoring;
    private PageHeader _header = default!;

    private UserClock Clock => clock;

    private TimeSpan UndoWindow => options.Value.UndoWindow;

    protected override Task OnInitializedAsync() => LoadAsync();

    protected override void Listen()
    {
        var refresh = RefreshAtMost(time, TimeSpan.FromSeconds(1));
        Own(changes.Subscribe(change =>
        {
            if (change.OwnerId == _ownerId)
            {
                refresh.Request();
            }
        }));
        // Reloads instead of only rendering, so that expired entries leave the list.
        Every(time, TimeSpan.FromMinutes(1), refresh.Request);
    }

    protected override async Task ReadAsync()
    {
        var actor = await user.ActorAsync();
        _ownerId = actor.AccountId;
        _keys = await keys.ListDeletedAsync(actor);
    }

    private async Task RestoreAsync(KeyDetails key)
    {
        _restoring = true;
        try
        {
            await recovery.RestoreAsync([key]);
        }
        finally
        {
            _restoring = false;
        }

        await LoadAsync();
        await _header.FocusAsync();
    }
}
