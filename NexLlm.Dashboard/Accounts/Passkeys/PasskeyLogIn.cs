using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Identity;
using NexLlm.Dashboard.Accounts.LogIn;
using NexLlm.Dashboard.Accounts.Sessions;
using NexLlm.Dashboard.Audit;

namespace NexLlm.Dashboard.Accounts.Passkeys;

/// <summary>
/// Lets people in by a passkey alone: it is on a device that they have, and the device asks for what they know or are. Nobody is asked
/// who they are first, so that nobody learns who has an account, or a passkey.
/// </summary>
public sealed class PasskeyLogIn(
    IdentityManagers managers, PasskeyCeremonies ceremonies, AddressLimiter addresses, LoginSessions sessions, LiveConnections connections,
    RepeatedEvents repeated, TimeProvider clock)
{
    /// <summary>What a visitor's browser has to be asked for; the question itself goes into its cookies. Costs no database work.</summary>
    public async Task<PasskeyQuestion> BeginAsync(Actor actor)
    {
        if (addresses.Take(AddressAllowance.PasskeyQuestion, actor.Address) is { } wait)
        {
            return new PasskeyQuestion(null, wait);
        }

        await using var identity = managers.Begin();
        return new PasskeyQuestion(await identity.SignIn.MakePasskeyRequestOptionsAsync(user: null), TimeSpan.Zero);
    }

    /// <param name="actor">The browser, by the login that it had, or a visitor.</param>
    /// <param name="credential">What the browser's authenticator signed, as JSON; null if it signed nothing.</param>
    /// <param name="userAgent">What the browser calls itself.</param>
    /// <param name="cancellation">Gives up before the commit.</param>
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

        // Inside the transaction, so that two log-ins cannot both count on from one counter. It is one look-up and one signature.
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

/// <summary>What a browser is asked for, or that its address has to wait.</summary>
/// <param name="Options">For <c>navigator.credentials.get()</c>, as JSON; null if there are too many.</param>
/// <param name="RetryAfter">When it may be asked again.</param>
public readonly record struct PasskeyQuestion(string? Options, TimeSpan RetryAfter);
