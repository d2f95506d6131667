using Microsoft.AspNetCore.Components;
using MudBlazor;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Components.Keys;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Components.Urls;
using NexLlm.Dashboard.Keys;
using NexLlm.Dashboard.Paging;

namespace NexLlm.Dashboard.Components.Accounts;

public sealed partial class AccountKeys(
    KeyAdministration keys, KeyPolicyService policies, KeyChanges changes, CurrentUser user, UserClock words, Notifications notifications, TimeProvider clock,
    IDialogService dialogs, ILogger<AccountKeys> log)
{
    private static readonly Dictionary<string, object?> _table = new() { ["aria-label"] = "API keys of the account" };

    private KeyPage? _page;
    private PageCursor? _cursor;
    private bool _failed;
    private ElementReference _heading;
    private Throttle? _refresh;
    private IDisposable? _changes;

    [Parameter, EditorRequired]
    public long OwnerId { get; set; }

    /// <summary>Where the page of keys begins; null is the first.</summary>
    [Parameter]
    public PageCursor? Cursor { get; set; }

    private UserClock Clock => words;

    public void Dispose()
    {
        _changes?.Dispose();
        _refresh?.Dispose();
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_page is null || _cursor != Cursor)
        {
            _cursor = Cursor;
            await LoadAsync();
        }
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _refresh = new Throttle(clock, TimeSpan.FromSeconds(1), () => _ = InvokeAsync(RefreshAsync));
            _changes = changes.Subscribe(change =>
            {
                if (change.OwnerId == OwnerId)
                {
                    _refresh.Request();
                }
            });
        }
    }

    private async Task LoadAsync()
    {
        try
        {
            var actor = await user.ActorAsync();
            var page = await keys.ListAsync(actor, OwnerId, new KeyQuery(Cursor: Cursor));
            // The keys from here on may be deleted meanwhile, as the last one of the last page is by its own button.
            _page = page.Keys is [] && Cursor is not null ? await keys.ListAsync(actor, OwnerId, new KeyQuery(Cursor: PageCursor.Last)) : page;
            _failed = false;
        }
        catch (Exception error) when (error is not AccessDeniedException)
        {
            LogFailure(error, OwnerId);
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

    private async Task ToggleAsync(KeyDetails key)
    {
        try
        {
            if (await policies.SetEnabledAsync(await user.ActorAsync(), [key.Id], !key.IsEnabled) == 0)
            {
                notifications.Informed($"{key.Name} has already been deleted.");
            }
            else
            {
                notifications.Succeeded(key.IsEnabled ? $"{key.Name} disabled. Requests using it will fail." : $"{key.Name} enabled.");
            }
        }
        catch (Exception error) when (error is not AccessDeniedException)
        {
            LogUndone(error, key.Id);
            notifications.Failed($"Couldn't {(key.IsEnabled ? "disable" : "enable")} {key.Name}. Try again.");
        }

        await LoadAsync();
    }

    private async Task DeleteAsync(KeyDetails key)
    {
        if (await dialogs.DeleteKeysAsync([key]))
        {
            await LoadAsync();
            // The button that opened the dialog is gone with its row; without a place, the focus would fall to the document.
            await _heading.FocusAsync();
        }
    }

    private string At(PageCursor? cursor) => PageUrls.AccountOf(OwnerId, cursor);

    [LoggerMessage(LogLevel.Error, "The keys of account {AccountId} could not be listed.")]
    private partial void LogFailure(Exception error, long accountId);

    [LoggerMessage(LogLevel.Error, "Key {KeyId} could not be disabled or enabled.")]
    private partial void LogUndone(Exception error, long keyId);
}
