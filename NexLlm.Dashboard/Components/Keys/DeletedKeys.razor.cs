using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Components.Keys;

public sealed partial class DeletedKeys(ILogger<DeletedKeys> log) : LivePage(log)
{
    private static readonly Dictionary<string, object?> _table = new() { ["aria-label"] = "Recently deleted API keys" };

    private IReadOnlyList<KeyDetails>? _keys;
    private long? _ownerId;
    private bool _restoring;
    private IDisposable? _changes;
    private Throttle? _refresh;
    private ITimer? _everyMinute;
    private PageHeader _header = default!;

    [Inject]
    private KeyPolicyService Keys { get; set; } = default!;

    [Inject]
    private KeyRecovery Recovery { get; set; } = default!;

    [Inject]
    private KeyChanges Changes { get; set; } = default!;

    [Inject]
    private CurrentUser CurrentUser { get; set; } = default!;

    [Inject]
    private UserClock Clock { get; set; } = default!;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    [Inject]
    private IOptions<ApiKeyOptions> Options { get; set; } = default!;

    public void Dispose()
    {
        _changes?.Dispose();
        _refresh?.Dispose();
        _everyMinute?.Dispose();
    }

    protected override Task OnInitializedAsync() => LoadAsync();

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _refresh = new Throttle(Time, TimeSpan.FromSeconds(1), () => _ = RefreshAsync());
            _changes = Changes.Subscribe(change =>
            {
                if (change.OwnerId == _ownerId)
                {
                    _refresh.Request();
                }
            });
            // Reads again rather than only renders: a key whose time is over leaves the list by itself.
            _everyMinute = Time.CreateTimer(_ => _refresh.Request(), null, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
        }
    }

    protected override async Task ReadAsync()
    {
        var actor = await CurrentUser.ActorAsync();
        _ownerId = actor.AccountId;
        _keys = await Keys.ListDeletedAsync(actor);
    }

    private async Task RestoreAsync(KeyDetails key)
    {
        _restoring = true;
        try
        {
            await Recovery.RestoreAsync([key]);
        }
        finally
        {
            _restoring = false;
        }

        await LoadAsync();
        await _header.FocusAsync();
    }
}
