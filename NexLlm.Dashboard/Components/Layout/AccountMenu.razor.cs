using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Accounts.Profile;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Components.Urls;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Components.Layout;

/// <summary>Updates with the account's usage and quota, at most once a second.</summary>
public sealed partial class AccountMenu(
    AccountService accounts, AccountChanges granted, KeyChanges used, CurrentUser user, NavigationManager navigation, TimeProvider clock,
    ILogger<AccountMenu> log) : LivePage(log)
{
    private AccountOverview? _account;

    protected override async Task OnInitializedAsync()
    {
        try
        {
            await FindAsync();
        }
        catch (AccessDeniedException)
        {
            navigation.NavigateTo(PageUrls.LogIn(navigation), forceLoad: true);
        }
    }

    protected override void Listen()
    {
        var refresh = RefreshAtMost(clock, TimeSpan.FromSeconds(1));
        Own(granted.Subscribe(OnChanged));
        Own(used.Subscribe(change =>
        {
            if (change.OnlyUsage)
            {
                OnChanged(change.OwnerId);
            }
        }));

        void OnChanged(long accountId)
        {
            if (accountId == _account?.Id)
            {
                refresh.Request();
            }
        }
    }

    protected override async Task ReadAsync()
    {
        try
        {
            await FindAsync();
        }
        catch (AccessDeniedException)
        {
            // The page reports it on the user's next action, and the watcher closes its connection.
        }
    }

    private async Task FindAsync() => _account = await accounts.GetAsync(await user.ActorAsync());
}
