using System.Globalization;
using NexLlm.Dashboard.Accounts.Invitations;
using NexLlm.Dashboard.Accounts.SignUp;
using NexLlm.Dashboard.Components.Urls;

namespace NexLlm.Dashboard.Components.SignIn;

public sealed partial class AcceptInvitation(InvitationService invitations)
{
    protected override Task<PendingInvitation?> FindAsync(string? token) => invitations.FindAsync(token, Http.RequestAborted);

    private async Task AcceptAsync()
    {
        switch (await invitations.AcceptAsync(Actor, Entry!.Token, Entry.Password, UserAgent, Http.RequestAborted))
        {
            case NewAccountOutcome.Created { Login: { } login }:
                await EnterAsync(login, "/" + PageUrls.Keys());
                break;
            case NewAccountOutcome.Invalid(var emailError, var passwordError):
                RejectPassword(passwordError, emailError);
                break;
            case NewAccountOutcome.TooMany(var retryAfter):
                FailTooMany(retryAfter);
                break;
            default:
                RejectLink();
                break;
        }
    }

    private static string Quota(long? tokens) => tokens switch
    {
        null => "The account has an unlimited quota.",
        0 => "An administrator has to add quota before its keys work.",
        { } limit => $"Its keys share {limit.ToString("N0", CultureInfo.InvariantCulture)} tokens.",
    };
}
