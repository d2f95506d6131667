using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Identity;
using NexLlm.Dashboard.Accounts.LogIn;
using NexLlm.Dashboard.Accounts.Sessions;
using NexLlm.Dashboard.Audit;

namespace NexLlm.Dashboard.Accounts.Passkeys;

/// <summary>
/// Logs people in with a passkey alone: the device is something they have, and unlocking it needs something they know or are. No email is
/// requested first, so nothing reveals who has an account or a passkey.
/// </summary>
public sealed class PasskeyLogIn(
    IdentityManagers managers, PasskeyCeremonies ceremonies, AddressLimiter addresses, LoginSessions sessions, LiveConnections connections,
    RepeatedEvents repeated, TimeProvider clock)
{
    /// <summary>Returns the challenge for a visitor's browser and stores it in a cookie. Needs no database access.</summary>
    public async Task<PasskeyQuestion> BeginAsync(Actor actor)
    {
        if (addresses.Take(AddressAllowance.PasskeyQuestion, actor.Address) is { } wait)
        {
            return new PasskeyQuestion(null, wait);
        }

        await using var identity = managers.Begin();
        return new PasskeyQuestion(await identity.SignIn.MakePasskeyRequestOptionsAsync(user: null), TimeSpan.Zero);
    }

    /// <param name="actor">The browser's previous session, or a visitor.</param>
    /// <param name="credential">The response of the browser's authenticator, as JSON; null if there is none.</param>
    /// <param name="userAgent">The browser's <c>User-Agent</c> header.</param>
    /// <param name="cancellation">Cancels the operation until it commits.</param>
    public async Task<LogInOutcome> LogInAsync(Actor actor, string? credential, string? userAgent, CancellationToken cancellation = default)
    {
        if (string.IsNullOrEmpty(credential))
        {
            return new LogInOutcome.Refused();
        }

        if (addresses.Take(AddressAllowance.Passkey, actor.Address) is { } wait)
        {
            return new LogInOutcome.TooMany(wait);
        }

        await using var identity = managers.Begin();
        var db = identity.Db;
        var isAsked = await ceremonies.TakeAsync(identity.SignIn, PasskeyQuestions.Assertion, cancellation);

        // Inside the transaction, so that two logins can't both continue from the same
        // signature counter. Costs one lookup and one signature check.
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var shown = isAsked ? await identity.SignIn.PerformPasskeyAssertionAsync(credential) : null;
        if (shown is not { Succeeded: true, User: var account } || !await identity.SignIn.CanSignInAsync(account))
        {
            await repeated.RecordAsync(db, actor, AuditActions.AccountLogInRefused, shown?.User?.Id, cancellation);
            await transaction.CommitAsync(cancellation);
            return shown is { Succeeded: true } ? new LogInOutcome.Disabled() : new LogInOutcome.Refused();
        }

        var now = clock.GetUtcNow();
        await identity.Users.AddOrUpdatePasskeyAsync(account, shown.Passkey).RequireSuccessAsync();
        await PasskeyUses.RecordAsync(identity, account, shown.Passkey.CredentialId, now);
        var login = sessions.Begin(db, account, actor, userAgent, now, LogInMethod.Passkey);
        var replaced = await LoginSessions.EndReplacedAsync(db, actor, now, cancellation);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        connections.End(replaced);
        return new LogInOutcome.LoggedIn(login);
    }
}

/// <summary>A passkey challenge, or the time to wait for one.</summary>
/// <param name="Options">For <c>navigator.credentials.get()</c>, as JSON; null if there were too many requests.</param>
/// <param name="RetryAfter">The time until the next request is allowed.</param>
public readonly record struct PasskeyQuestion(string? Options, TimeSpan RetryAfter);
