using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Accounts.Profile;
using NexLlm.Dashboard.Accounts.Sessions;
using NexLlm.Dashboard.Accounts.TwoStep;
using NexLlm.Dashboard.Keys;

namespace NexLlm.Dashboard.Components.SignIn;

public sealed partial class Overview(AccountService accounts, SessionService sessions, TwoStepService twoStep, KeyPolicyService keys, IOptions<AccountsOptions> options)
{
    private const int KeysShown = 5;

    private AccountOverview _account = default!;
    private TwoStepView _twoStep = default!;
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
        "connected" => "Connected. You can log in this way from now on.",
        "disconnected" => "Disconnected. All other sessions were logged out.",
        _ => null,
    };

    private string TwoStepInWords => _twoStep switch
    {
        { IsOn: true, RecoveryCodesLeft: 0 } => "On, but you have no recovery codes left.",
        { IsOn: true } => "On. Logging in asks for a code from your phone.",
        _ when _account.LacksFactor => "Required for your account. Set it up to continue.",
        _ => "Off. Your password alone is enough to log in.",
    };

    /// <summary>Whether there is a password to change, which single sign-on accounts don't have.</summary>
    private bool HasPassword => _account.HasPassword && options.Value.PasswordLogIn is PasswordLogIn.On;

    private string? Rejection => DoneCode is "last-way-in" ? "Not disconnected: nothing else lets you log in. Add another way to log in first." : null;

    /// <summary>The account's usage by keys not listed by name.</summary>
    private long Others => _account.LacksFactor ? 0 : _account.UsedTokens - _top.Sum(key => key.Quota.Used);

    protected override async Task OnInitializedAsync()
    {
        _account = await accounts.GetAsync(Actor, Http.RequestAborted);
        _logins = await sessions.ListAsync(Actor, Http.RequestAborted);
        _twoStep = await twoStep.GetAsync(Actor, Http.RequestAborted);
        _top = _account.LacksFactor ? [] : await keys.ListMostUsedAsync(Actor, KeysShown, Http.RequestAborted);
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
