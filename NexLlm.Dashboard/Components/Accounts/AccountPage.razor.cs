using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Accounts.Administration;
using NexLlm.Dashboard.Components.Shared;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Components.Accounts;

/// <summary>An account's page for administrators.</summary>
public sealed partial class AccountPage(
    AdministratorsOnly administrators, AccountList accounts, AccountChanges changes, KeyChanges keyChanges, NavigationManager navigation,
    UserClock words, TimeProvider clock, ILogger<AccountPage> log) : LivePage(log)
{
    private static readonly TimeSpan _refreshAtMost = TimeSpan.FromSeconds(1);

    private Actor? _actor;
    private AccountDetails? _account;

    [Parameter]
    public long Id { get; set; }

    [SupplyParameterFromQuery(Name = "at")]
    private string? KeysAt { get; set; }

    private UserClock Clock => words;

    protected override async Task OnParametersSetAsync()
    {
        if (_account?.Id != Id)
        {
            await LoadAsync();
        }
    }

    protected override void Listen()
    {
        var refresh = RefreshAtMost(clock, _refreshAtMost);
        Own(changes.Subscribe(OnChanged));
        Own(keyChanges.Subscribe(change => OnChanged(change.OwnerId)));

        void OnChanged(long accountId)
        {
            if (accountId == Id)
            {
                refresh.Request();
            }
        }
    }

    protected override async Task ReadAsync()
    {
        if (await administrators.EnterAsync() is not { } actor)
        {
            return;
        }

        _actor = actor;
        _account = await accounts.FindAsync(actor, Id);
        if (_account is null)
        {
            navigation.NotFound();
        }
    }
}
