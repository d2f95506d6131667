using System.Globalization;
using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Accounts.Sessions;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Components.Account;

public sealed partial class Overview(AccountService accounts, SessionService sessions, KeyPolicyService keys)
{
    private const int KeysShown = 5;

    private AccountOverview _account = default!;
    private IReadOnlyList<LoginView> _logins = [];
    private IReadOnlyList<KeyDetails> _top = [];

    [SupplyParameterFromQuery(Name = "done")]
    private string? DoneCode { get; set; }

    [SupplyParameterFromForm(FormName = "end-login")]
    private Guid? Login { get; set; }

    private string? Done => DoneCode switch
    {
        "password" => "Password changed. All other sessions were logged out.",
        "login" => "Session logged out.",
        "others" => "All other sessions were logged out.",
        _ => null,
    };

    /// <summary>What the account used by keys that are not listed by name.</summary>
    private long Others => _account.UsedTokens - _top.Sum(key => key.Quota.Used);

    protected override async Task OnInitializedAsync()
    {
        _account = await accounts.GetAsync(Actor, Http.RequestAborted);
        _logins = await sessions.ListAsync(Actor, Http.RequestAborted);
        _top = await keys.ListMostUsedAsync(Actor, KeysShown, Http.RequestAborted);
    }

    private async Task EndLoginAsync()
    {
        await sessions.RevokeAsync(Actor, Login ?? Guid.Empty, Http.RequestAborted);
        Navigation.NavigateTo("account?done=login");
    }

    private async Task EndOthersAsync()
    {
        await sessions.RevokeOthersAsync(Actor, Http.RequestAborted);
        Navigation.NavigateTo("account?done=others");
    }

    private static string Number(long tokens) => tokens.ToString("N0", CultureInfo.InvariantCulture);
}
