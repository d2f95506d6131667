using NexLlm.Dashboard.Accounts.SingleSignOn;

namespace NexLlm.Dashboard.Components.SignIn;

/// <summary>Why single sign-on failed, and what to do next.</summary>
internal static class SingleSignOnText
{
    /// <param name="provider">The display name of the provider.</param>
    public static string Of(SingleSignOnFailure failure, string provider) => failure switch
    {
        SingleSignOnFailure.Cancelled => $"{provider} didn't log you in. Try again, or ask its administrator for access to this dashboard.",
        SingleSignOnFailure.Unavailable => $"{provider} can't be reached right now. Try again in a minute.",
        SingleSignOnFailure.Expired => $"This login took too long or was started in another tab. Choose {provider} again.",
        SingleSignOnFailure.Clock => $"The clocks of this server and of {provider} differ. Ask an administrator to correct the server's clock.",
        SingleSignOnFailure.NoEmail => $"{provider} didn't send your email address. Add one to your profile there, or ask an administrator to check its scopes.",
        SingleSignOnFailure.Unverified => $"{provider} hasn't verified your email address. Verify it there, then try again.",
        SingleSignOnFailure.Domain => $"Your email domain isn't allowed here. Choose a different account at {provider}, or ask an administrator.",
        SingleSignOnFailure.NoAccount => "You don't have an account here yet. Ask an administrator for an invitation, then try again.",
        SingleSignOnFailure.AccountExists => $"An account with this email already exists. Log in with your password, then connect {provider} on your account page.",
        SingleSignOnFailure.Disabled => "This account is disabled. Ask an administrator.",
        SingleSignOnFailure.Taken => $"Your {provider} account is already connected to another account here. Disconnect it there first.",
        SingleSignOnFailure.Connected => $"This account is already connected to a different {provider} account. Disconnect that one first.",
        SingleSignOnFailure.TooMany => "Too many attempts from your network. Try again in a minute.",
        SingleSignOnFailure.Failed => $"Logging in with {provider} failed. Try again; if it keeps failing, ask an administrator to check the server log.",
    };
}
