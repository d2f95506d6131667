using System.Globalization;
using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Accounts.Sessions;
using NexLlm.Dashboard.Accounts.SignUp;

namespace NexLlm.Dashboard.Components.SignIn;

public sealed partial class Register(SignUpService signUp)
{
    [SupplyParameterFromQuery]
    private string? ReturnUrl { get; set; }

    [SupplyParameterFromForm(FormName = "sign-up")]
    private NewAccountEntry? Entry { get; set; }

    private SignUpService SignUp => signUp;

    private string LogInUrl => $"{Root}{SessionCookie.LogInPath}?returnUrl={Uri.EscapeDataString(LocalUrl.OrHome(ReturnUrl))}";

    private string Quota => signUp.StartingTokens is 0
        ? "You can create keys right away. An administrator has to add quota before they work."
        : $"Your account starts with {signUp.StartingTokens.ToString("N0", CultureInfo.InvariantCulture)} tokens.";

    protected override void OnInitialized() => Entry ??= new NewAccountEntry();

    private async Task SignUpAsync() =>
        await AnswerAsync(await signUp.SignUpAsync(Actor, new NewAccount(Entry!.Email, Entry.Password, UserAgent), Http.RequestAborted), ReturnUrl);
}
