using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Accounts.Administration;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Components.Accounts;

/// <summary>One account, before an administrator.</summary>
public sealed partial class AccountPage(
    AdministratorsOnly administrators, AccountList accounts, AccountChanges changes, KeyChanges keyChanges, NavigationManager navigation,
    UserClock words, TimeProvider clock, ILogger<AccountPage> log)
{
    private static readonly TimeSpan _refreshAtMost = TimeSpan.FromSeconds(1);

    private Actor? _actor;
    private AccountDetails? _account;
    private bool _failed;
    private Throttle? _refresh;
    private IDisposable? _changes;
    private IDisposable? _keyChanges;

    [Parameter]
    public long Id { get; set; }

    [SupplyParameterFromQuery(Name = "at")]
    private string? KeysAt { get; set; }

    private UserClock Clock => words;

    public void Dispose()
    {
        _changes?.Dispose();
        _keyChanges?.Dispose();
        _refresh?.Dispose();
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_account?.Id != Id)
        {
            await LoadAsync();
        }
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _refresh = new Throttle(clock, _refreshAtMost, () => _ = InvokeAsync(RefreshAsync));
            _changes = changes.Subscribe(OnChanged);
            _keyChanges = keyChanges.Subscribe(change => OnChanged(change.OwnerId));
        }
    }

    private void OnChanged(long accountId)
    {
        if (accountId == Id)
        {
            _refresh?.Request();
        }
    }

    private async Task LoadAsync()
    {
        try
        {
            if (await administrators.EnterAsync() is not { } actor)
            {
                return;
            }

            _actor = actor;
            _account = await accounts.FindAsync(actor, Id);
            _failed = false;
            if (_account is null)
            {
                navigation.NotFound();
            }
        }
        catch (Exception error) when (error is not AccessDeniedException)
        {
            LogFailure(error, Id);
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

    [LoggerMessage(LogLevel.Error, "Account {AccountId} could not be read.")]
    private partial void LogFailure(Exception error, long accountId);
}
