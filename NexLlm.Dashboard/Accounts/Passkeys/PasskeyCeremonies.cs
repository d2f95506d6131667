using NexLlm.Dashboard.Accounts.Identity;
using NexLlm.Dashboard.Accounts.LogIn;

namespace NexLlm.Dashboard.Accounts.Passkeys;

/// <summary>
/// Ensures that every passkey challenge is answered at most once. Identity keeps the challenge in the browser's cookie for five minutes, so
/// it could be answered again by anyone with the cookie.
/// </summary>
public sealed class PasskeyCeremonies(FailedTries tries)
{
    /// <summary>Uses up the browser's last challenge, whatever the outcome of the answer.</summary>
    /// <returns>False if there was no challenge of this kind within five minutes, or it was already used.</returns>
    internal async Task<bool> TakeAsync(AccountSignInManager signIn, string operation, CancellationToken cancellation) =>
        await signIn.PasskeyQuestionAsync(operation) is { } question
        && (await tries.TakeAsync(FailedTries.ByPasskeyQuestion(question), limit: 1, cancellation)).Id is not null;
}
