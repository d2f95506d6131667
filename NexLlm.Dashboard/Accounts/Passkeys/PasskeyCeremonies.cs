using NexLlm.Dashboard.Accounts.Identity;
using NexLlm.Dashboard.Accounts.LogIn;

namespace NexLlm.Dashboard.Accounts.Passkeys;

/// <summary>
/// Sees to it that what a browser was asked for can be answered once. Identity keeps the question in the browser's cookie for five
/// minutes, where whoever has the cookie could answer it again.
/// </summary>
public sealed class PasskeyCeremonies(FailedTries tries)
{
    /// <summary>Uses up the question that the browser was last asked, whatever comes of the answer.</summary>
    /// <returns>False if it was asked none of this kind within five minutes, or the question is used up.</returns>
    internal async Task<bool> TakeAsync(AccountSignInManager signIn, string operation, CancellationToken cancellation) =>
        await signIn.PasskeyQuestionAsync(operation) is { } question
        && (await tries.TakeAsync(FailedTries.ByPasskeyQuestion(question), limit: 1, cancellation)).Id is not null;
}
