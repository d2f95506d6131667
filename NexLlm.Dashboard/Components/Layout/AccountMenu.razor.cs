using NexLlm.Dashboard.Accounts.Profile;
using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Components.Urls;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Components.Layout;

/// <summary>Follows the account's use and quota, at most once a second.</summary>
public sealed partial class AccountMenu(
    AccountService accounts, AccountChanges granted, KeyChanges used, CurrentUser user, NavigationManager navigation, TimeProvider clock,
    ILogger<AccountMenu> log)
{
    private AccountOverview? _account;
    private IDisposable? _granted;
    private IDisposable? _used;
    private Throttle? _refresh;

    public void Dispose()
    {
        _granted?.Dispose();
        _used?.Dispose();
        _refresh?.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        try
        {
            _account = await accounts.GetAsync(await user.ActorAsync());
        }
        catch (AccessDeniedException)
        {
            navigation.NavigateTo(PageUrls.LogIn(navigation), forceLoad: true);
        }
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _refresh = new Throttle(clock, TimeSpan.FromSeconds(1), () => _ = InvokeAsync(RefreshAsync));
            _granted = granted.Subscribe(OnChanged);
            _used = used.Subscribe(change =>
            {
                if (change.OnlyUsage)
                {
                    OnChanged(change.OwnerId);
                }
            });
        }
    }

    private void OnChanged(long accountId)
    {
        if (accountId == _account?.Id)
        {
            _refresh?.Request();
        }
    }

    private async Task RefreshAsync()
    {
        try
        {
            _account = await accounts.GetAsync(await user.ActorAsync());
            StateHasChanged();
        }
        catch (AccessDeniedException)
        {
            // The page itself says so at the next thing that is done on it, and the watcher ends its connection.
        }
        catch (Exception error)
        {
            LogFailure(error);
        }
    }

    [LoggerMessage(LogLevel.Error, "An account's quota could not be read.")]
    private partial void LogFailure(Exception error);
}
