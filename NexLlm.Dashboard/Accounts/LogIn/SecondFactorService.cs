using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Identity;
using NexLlm.Dashboard.Accounts.Sessions;
using NexLlm.Dashboard.Accounts.TwoStep;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Accounts.LogIn;

/// <summary>The input of the second login step.</summary>
/// <param name="Account">The account whose password was correct, from Identity's cookie.</param>
/// <param name="Code">As entered.</param>
/// <param name="IsRecoveryCode">Whether it is a recovery code instead of an authenticator code.</param>
/// <param name="BrowserCookie">The browser's cookie from an earlier login, not yet verified.</param>
/// <param name="UserAgent">The browser's <c>User-Agent</c> header.</param>
public sealed record SecondFactorRequest(
    StampedAccount Account, string? Code, bool IsRecoveryCode = false, string? BrowserCookie = null, string? UserAgent = null);

/// <summary>The result of entering a second factor.</summary>
public abstract record SecondFactorOutcome
{
    /// <param name="Login">The new session.</param>
    /// <param name="RecoveryCodesLeft">The remaining recovery codes if one was used; null otherwise.</param>
    public sealed record LoggedIn(NewLogin Login, int? RecoveryCodesLeft) : SecondFactorOutcome;

    /// <summary>The code is wrong or was already used; the response doesn't reveal which.</summary>
    public sealed record Refused : SecondFactorOutcome;

    /// <summary>The account's credentials have changed since the password was entered, or it is disabled.</summary>
    public sealed record Expired : SecondFactorOutcome;

    public sealed record TooMany(TimeSpan RetryAfter) : SecondFactorOutcome;
}

/// <summary>
/// The second step of a login. Everyone who gets here knows the password, so few guesses at the six-digit code are allowed: known browsers
/// have their own allowance, each network has one, and all strangers share one. Anyone with the password can exhaust the shared one, which
/// keeps the owner out of new browsers only and appears in the owner's activity log.
/// </summary>
public sealed class SecondFactorService(
    IDbContextFactory<NexLlmDbContext> contexts, IdentityManagers managers, FailedTries tries, AddressLimiter addresses, KnownBrowsers browsers,
    LoginSessions sessions, LiveConnections connections, RepeatedEvents repeated, TimeProvider clock)
{
    /// <summary>The wrong codes allowed per hour from a known browser.</summary>
    public const int KnownBrowserTries = 10;

    /// <summary>The wrong codes allowed per hour for one account from the unknown browsers of one network.</summary>
    public const int NetworkTries = 10;

    /// <summary>
    /// The wrong codes allowed per hour for one account from all unknown browsers. Three of a million codes are valid at any time, so this
    /// many guesses succeed with a probability of 0.2% per day.
    /// </summary>
    public const int StrangersTries = 30;

    /// <summary>Returns the email of the account whose second factor is pending, or null if the password step is no longer valid.</summary>
    /// <param name="visitor">The visitor. The cookie is the proof.</param>
    /// <param name="account">From Identity's cookie.</param>
    public async Task<string?> FindAsync(Actor visitor, StampedAccount? account, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return account is null
            ? null
            : await db.Users.Where(a => a.Id == account.Id && a.SecurityStamp == account.Stamp && a.DisabledAt == null && a.TwoFactorEnabled)
                .Select(a => a.Email).SingleOrDefaultAsync(cancellation);
    }

    /// <summary>Checks the code and starts the session.</summary>
    public async Task<SecondFactorOutcome> VerifyAsync(Actor visitor, SecondFactorRequest request, CancellationToken cancellation = default)
    {
        if (await FindAsync(visitor, request.Account, cancellation) is not { } email)
        {
            return new SecondFactorOutcome.Expired();
        }

        if (addresses.Take(AddressAllowance.SecondFactor, visitor.Address) is { } wait)
        {
            return new SecondFactorOutcome.TooMany(wait);
        }

        var (taken, retryAfter) = await TakeAsync(visitor, request, email, cancellation);
        if (retryAfter is { } later)
        {
            return new SecondFactorOutcome.TooMany(later);
        }

        await using var identity = managers.Begin();
        var db = identity.Db;
        await identity.OpenKeyAsync(request.Account.Id, cancellation);
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var account = await identity.AccountAsync(request.Account.Id);
        if (StampedAccount.Of(account) != request.Account || account.DisabledAt is not null)
        {
            return new SecondFactorOutcome.Expired();
        }

        if (!await IsRightAsync(identity, account, request))
        {
            await repeated.RecordAsync(db, visitor, AuditActions.AccountSecondFactorRefused, account.Id, cancellation);
            await transaction.CommitAsync(cancellation);
            return new SecondFactorOutcome.Refused();
        }

        foreach (var tryId in taken)
        {
            await FailedTries.StrikeOutAsync(db, tryId, cancellation);
        }

        var now = clock.GetUtcNow();
        var method = request.IsRecoveryCode ? LogInMethod.PasswordAndRecoveryCode : LogInMethod.PasswordAndCode;
        var login = sessions.Begin(db, account, visitor, request.UserAgent, now, method);
        int? left = null;
        if (request.IsRecoveryCode)
        {
            left = await identity.Users.CountRecoveryCodesAsync(account);
            AuditTrail.Record(
                db, new Actor(account.Id, login.SessionId, visitor.Address), now, AuditActions.AccountRecoveryCodeUsed, account.Id, null,
                new AuditChange("recoveryCodes", left + 1, left));
        }

        var replaced = await LoginSessions.EndReplacedAsync(db, visitor, now, cancellation);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        connections.End(replaced);
        return new SecondFactorOutcome.LoggedIn(login, left);
    }

    /// <summary>Checked by Identity within the transaction: of concurrent attempts with the same code, only one finds it unused.</summary>
    private static async Task<bool> IsRightAsync(IdentityScope identity, Account account, SecondFactorRequest request) => request switch
    {
        { IsRecoveryCode: false, Code: { } code } => await identity.Users.VerifyTwoFactorTokenAsync(account, TokenOptions.DefaultAuthenticatorProvider, code),
        { Code: { Length: > 0 and <= RecoveryCodes.MaxTypedLength } code } => (await identity.Users.RedeemTwoFactorRecoveryCodeAsync(account, code)).Succeeded,
        _ => false,
    };

    private async Task<(IReadOnlyList<long> Taken, TimeSpan? RetryAfter)> TakeAsync(
        Actor visitor, SecondFactorRequest request, string email, CancellationToken cancellation)
    {
        (byte[] Subject, int Limit)[] limits = browsers.Recognise(request.BrowserCookie, email) is { } known
            ? [(FailedTries.CodesByBrowser(known), KnownBrowserTries)]
            : [
                (FailedTries.CodesByNetwork(request.Account.Id, visitor.Address), NetworkTries),
                (FailedTries.CodesByAccount(request.Account.Id), StrangersTries),
            ];
        List<long> taken = [];
        foreach (var (subject, limit) in limits)
        {
            var one = await tries.TakeAsync(subject, limit, cancellation);
            if (one.Id is not { } id)
            {
                return (taken, one.RetryAfter);
            }

            taken.Add(id);
        }

        return (taken, null);
    }
}
