using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Accounts.Profile;

namespace NexLlm.Dashboard.Components.SignIn;

public sealed partial class ChangePassword(AccountService accounts)
{
    private PasswordOutcome.Invalid? _errors;
    private string? _email;

    [SupplyParameterFromForm(FormName = "change-password")]
    private Passwords? Entry { get; set; }

    protected override async Task OnInitializedAsync()
    {
        Entry ??= new Passwords();
        _email = (await accounts.GetAsync(Actor, Http.RequestAborted)).Email;
    }

    private async Task ChangeAsync()
    {
        switch (await accounts.ChangePasswordAsync(Actor, Entry!.Current, Entry.New, Http.RequestAborted))
        {
            case PasswordOutcome.Changed:
                Navigation.NavigateTo("account?done=password");
                break;
            case PasswordOutcome.Invalid invalid:
                _errors = invalid;
                Fail(StatusCodes.Status400BadRequest);
                break;
            case PasswordOutcome.TooMany(var retryAfter):
                FailTooMany(retryAfter, "Too many incorrect passwords.");
                break;
        }
    }

    private sealed class Passwords
    {
        public string? Current { get; set; }

        public string? New { get; set; }
    }
}
