using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Identity;
using NexLlm.Dashboard.Accounts.Passwords;
using NexLlm.Dashboard.Accounts.Sessions;
using NexLlm.Dashboard.Audit;

namespace NexLlm.Dashboard.Accounts.LogIn;

/// <summary>What somebody logs in with, as it was typed.</summary>
/// <param name="Email">The log-in name.</param>
/// <param name="Password">In plain; it is checked and forgotten.</param>
/// <param name="BrowserCookie">What the browser shows for having logged in before, not yet believed.</param>
/// <param name="UserAgent">What the browser calls itself.</param>
/// <param name="Remembered">The account whose second factor the browser need not show again, by its cookie; null if none.</param>
public sealed record LogInRequest(
    string Email, string Password, string? BrowserCookie = null, string? UserAgent = null, StampedAccount? Remembered = null);

/// <summary>What came of trying to log in.</summary>
public abstract record LogInOutcome
{
    public sealed record LoggedIn(NewLogin Login) : LogInOutcome;

    /// <summary>The password is right, and the account has two-step verification: no login begins before its code.</summary>
    public sealed record SecondFactorNeeded(StampedAccount Account) : LogInOutcome;

    /// <summary>No such account, or not its password: nobody learns which.</summary>
    public sealed record Refused : LogInOutcome;

    /// <summary>The password is right, and the account is disabled.</summary>
    public sealed record Disabled : LogInOutcome;

    public sealed record TooMany(TimeSpan RetryAfter) : LogInOutcome;

    /// <summary>The operator switched passwords off.</summary>
    public sealed record PasswordsOff : LogInOutcome;
}

/// <summary>
/// Lets people in by e-mail address and password. A known and an unknown address take the same way in the same time, and
/// tries are counted alike for both. Strangers' guesses use up the strangers' allowance, never the owner's own.
/// </summary>
public sealed class LogInService(
    IdentityManagers managers, FailedTries tries, AddressLimiter addresses,
    KnownBrowsers browsers, LoginSessions sessions, LiveConnections connections, RepeatedEvents repeated, IOptions<AccountsOptions> options, TimeProvider clock)
{
    /// <summary>Failed tries an hour on one e-mail address, from all browsers together that never logged in to it.</summary>
    public const int StrangersTries = 100;

    /// <summary>Failed tries an hour from a browser that logged in before.</summary>
    public const int KnownBrowserTries = 10;

    private static readonly Account _nobody = new();

    public async Task<LogInOutcome> LogInAsync(Actor actor, LogInRequest request, CancellationToken cancellation = default)
    {
        if (options.Value.PasswordLogIn is PasswordLogIn.Off)
        {
            return new LogInOutcome.PasswordsOff();
        }

        // Raw lengths first, then the limits, then everything that costs time.
        if (EmailAddress.IsTooLong(request.Email) || request.Password.Length > PasswordRules.MaxTypedLength)
        {
            return new LogInOutcome.Refused();
        }

        var browser = browsers.Recognise(request.BrowserCookie, request.Email);
        var limit = browser is { } id
            ? addresses.Take(AddressAllowance.KnownBrowser, id)
            : addresses.Take(AddressAllowance.LogIn, actor.Address);
        if (limit is { } wait)
        {
            return new LogInOutcome.TooMany(wait);
        }

        var lane = browser is { } own ? HashingLane.Of(own) : HashingLane.Of(Actor.Visitor(actor.Address));

        var taken = browser is { } known
            ? await tries.TakeAsync(FailedTries.ByBrowser(known), KnownBrowserTries, cancellation)
            : await tries.TakeAsync(FailedTries.ByEmail(request.Email), StrangersTries, cancellation);
        if (taken.Id is not { } tryId)
        {
            return new LogInOutcome.TooMany(taken.RetryAfter);
        }

        await using var identity = managers.Begin();
        var db = identity.Db;
        var key = EmailAddress.Key(request.Email);
        var found = await db.Users.AsNoTracking()
            .Where(a => a.NormalizedEmail == key).Select(a => new { a.Id, a.PasswordHash }).SingleOrDefaultAsync(cancellation);
        await identity.Passwords.CheckAsync(found?.PasswordHash, request.Password, lane, cancellation);

        await using var transaction = await db.BeginWriteAsync(cancellation);
        // Nobody takes the same way as somebody, up to the answer.
        var account = await db.Users.FindAsync([found?.Id ?? 0], cancellation);
        var result = await identity.SignIn.CheckPasswordSignInAsync(account ?? _nobody, request.Password, lockoutOnFailure: false);
        if (account is null || !result.Succeeded)
        {
            await repeated.RecordAsync(db, actor, AuditActions.AccountLogInRefused, found?.Id, cancellation);
            await transaction.CommitAsync(cancellation);
            return result.IsNotAllowed ? new LogInOutcome.Disabled() : new LogInOutcome.Refused();
        }

        await FailedTries.StrikeOutAsync(db, tryId, cancellation);
        if (account.TwoFactorEnabled && request.Remembered != StampedAccount.Of(account))
        {
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
            return new LogInOutcome.SecondFactorNeeded(StampedAccount.Of(account));
        }

        var now = clock.GetUtcNow();
        // A remembered browser showed the code when it was, and the account's credentials are the same.
        var method = account.TwoFactorEnabled ? LogInMethod.PasswordAndCode : LogInMethod.Password;
        var login = sessions.Begin(db, account, actor, request.UserAgent, now, method);
        var replaced = await LoginSessions.EndReplacedAsync(db, actor, now, cancellation);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        connections.End(replaced);
        return new LogInOutcome.LoggedIn(login);
    }
}
