using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Identity;
using NexLlm.Dashboard.Accounts.Passwords;
using NexLlm.Dashboard.Accounts.Sessions;
using NexLlm.Dashboard.Audit;

namespace NexLlm.Dashboard.Accounts.LogIn;

/// <summary>The input of a login.</summary>
/// <param name="Email">The email address.</param>
/// <param name="Password">Plain text; checked and never stored.</param>
/// <param name="BrowserCookie">The browser's cookie from an earlier login, not yet verified.</param>
/// <param name="UserAgent">The browser's <c>User-Agent</c> header.</param>
/// <param name="Remembered">The account for which the browser remembers the second factor, from its cookie; null if none.</param>
public sealed record LogInRequest(
    string Email, string Password, string? BrowserCookie = null, string? UserAgent = null, StampedAccount? Remembered = null);

/// <summary>The result of a login attempt.</summary>
public abstract record LogInOutcome
{
    public sealed record LoggedIn(NewLogin Login) : LogInOutcome;

    /// <summary>The password is correct, but the account uses two-step verification: the session starts only after the code.</summary>
    public sealed record SecondFactorNeeded(StampedAccount Account) : LogInOutcome;

    /// <summary>The account doesn't exist or the password is wrong; the response doesn't reveal which.</summary>
    public sealed record Refused : LogInOutcome;

    /// <summary>The password is correct, but the account is disabled.</summary>
    public sealed record Disabled : LogInOutcome;

    public sealed record TooMany(TimeSpan RetryAfter) : LogInOutcome;

    /// <summary>Password login is turned off.</summary>
    public sealed record PasswordsOff : LogInOutcome;
}

/// <summary>
/// Logs people in with an email and a password. Known and unknown emails take the same path in the same time, and their attempts are
/// counted alike. Guesses by strangers use up the strangers' allowance, never the owner's.
/// </summary>
public sealed class LogInService(
    IdentityManagers managers, FailedTries tries, AddressLimiter addresses,
    KnownBrowsers browsers, LoginSessions sessions, LiveConnections connections, RepeatedEvents repeated, IOptions<AccountsOptions> options, TimeProvider clock)
{
    /// <summary>The failed attempts per hour at one email, from all unknown browsers together.</summary>
    public const int StrangersTries = 100;

    /// <summary>The failed attempts per hour from a known browser.</summary>
    public const int KnownBrowserTries = 10;

    private static readonly Account _nobody = new();

    public async Task<LogInOutcome> LogInAsync(Actor actor, LogInRequest request, CancellationToken cancellation = default)
    {
        if (options.Value.PasswordLogIn is PasswordLogIn.Off)
        {
            return new LogInOutcome.PasswordsOff();
        }

        // Check the lengths first, then the limits, then everything expensive.
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
        // Unknown accounts take the same path as known ones until the response.
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
        // The browser remembers a second factor shown earlier, and the account's credentials haven't changed since.
        var method = account.TwoFactorEnabled ? LogInMethod.PasswordAndCode : LogInMethod.Password;
        var login = sessions.Begin(db, account, actor, request.UserAgent, now, method);
        var replaced = await LoginSessions.EndReplacedAsync(db, actor, now, cancellation);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        connections.End(replaced);
        return new LogInOutcome.LoggedIn(login);
    }
}
