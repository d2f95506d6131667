using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Components.Keys;

public sealed partial class DeletedKeys(ILogger<DeletedKeys> log)
{
    private IReadOnlyList<KeyDetails>? _keys;
    private long? _ownerId;
    private bool _failed;
    private bool _restoring;
    private IDisposable? _changes;
    private Throttle? _refresh;
    private ITimer? _everyMinute;
    private ElementReference _heading;

    [Inject]
    private KeyPolicyService Keys { get; set; } = default!;

    [Inject]
    private KeyRecovery Recovery { get; set; } = default!;

    [Inject]
    private KeyChanges Changes { get; set; } = default!;

    [Inject]
    private Person Person { get; set; } = default!;

    [Inject]
    private PersonClock Clock { get; set; } = default!;

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
            _refresh = new Throttle(Time, TimeSpan.FromSeconds(1), () => _ = InvokeAsync(RefreshAsync));
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

    private async Task LoadAsync()
    {
        var actor = await Person.ActorAsync();
        _ownerId = actor.AccountId;
        try
        {
            _keys = await Keys.ListDeletedAsync(actor);
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
        await _heading.FocusAsync();
    }

    [LoggerMessage(LogLevel.Error, "Deleted keys could not be listed.")]
    private partial void LogFailure(Exception error);
}
