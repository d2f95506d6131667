using NexLlm.Dashboard.Accounts.SignUp;
using NexLlm.Dashboard.Accounts.Recovery;
using System.Globalization;
using Microsoft.AspNetCore.Components;
using NexLlm.Dashboard.Accounts;
using NexLlm.Dashboard.Accounts.Invitations;

namespace NexLlm.Dashboard.Components.SignIn;

public sealed partial class AcceptInvitation(InvitationService invitations)
{
    private PendingInvitation? _invitation;

    [SupplyParameterFromQuery]
    private string? Token { get; set; }

    [SupplyParameterFromForm(FormName = "accept")]
    private NewAccountEntry? Entry { get; set; }

    protected override async Task OnInitializedAsync()
    {
        Entry ??= new NewAccountEntry { Token = Token };
        _invitation = await invitations.FindAsync(Entry.Token, Http.RequestAborted);
        if (_invitation is null)
        {
            Fail(StatusCodes.Status403Forbidden);
        }
    }

    private async Task AcceptAsync()
    {
        var outcome = await invitations.AcceptAsync(Actor, Entry!.Token, Entry.Password, UserAgent, Http.RequestAborted);
        if (outcome is NewAccountOutcome.LinkRefused)
        {
            _invitation = null;
        }

        await AnswerAsync(outcome, LocalUrl.Home);
    }

    private static string Quota(long? tokens) => tokens switch
    {
        null => "The account has an unlimited quota.",
        0 => "An administrator has to add quota before its keys work.",
        { } limit => $"Its keys share {limit.ToString("N0", CultureInfo.InvariantCulture)} tokens.",
    };
}
