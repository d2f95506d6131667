using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Accounts.FirstStart;
using NexLlm.Dashboard.Accounts.SignUp;

namespace NexLlm.Dashboard.Components.SignIn;

public sealed partial class SetUp(FirstAdministrator first)
{
    [SupplyParameterFromQuery]
    private string? Token { get; set; }

    [SupplyParameterFromForm(FormName = "set-up")]
    private NewAccountEntry? Entry { get; set; }

    private bool IsLinkGood => first.IsValid(Entry!.Token);

    protected override async Task OnInitializedAsync()
    {
        Entry ??= new NewAccountEntry { Token = Token };
        if (!await first.IsPendingAsync(Http.RequestAborted))
        {
            Navigation.NotFound();
        }
        else if (!IsLinkGood)
        {
            Fail(StatusCodes.Status403Forbidden);
        }
    }

    private async Task SetUpAsync()
    {
        var request = new NewAccount(Entry!.Email, Entry.Password, UserAgent);
        await AnswerAsync(await first.SetUpAsync(Actor, Entry.Token, request, Http.RequestAborted), LocalUrl.Home);
    }
}
