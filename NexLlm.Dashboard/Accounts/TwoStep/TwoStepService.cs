using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Identity;
using NexLlm.Dashboard.Accounts.Recovery;
using NexLlm.Dashboard.Accounts.Sessions;
using NexLlm.Dashboard.Audit;
using NexLlm.Dashboard.Data;

namespace NexLlm.Dashboard.Accounts.TwoStep;

/// <summary>A person's own two-step verification: setting it up, new recovery codes, and its end.</summary>
/// <remarks>
/// Every operation throws <see cref="AccessDeniedException"/> when the actor's login is over, and, where it shows or changes a secret,
/// <see cref="ReauthenticationRequiredException"/> when it is too old. All of them are open to a session that has yet to add a factor.
/// </remarks>
public sealed class TwoStepService(
    IDbContextFactory<NexLlmDbContext> contexts, IdentityManagers managers, IDataProtectionProvider protection, LiveConnections connections, TimeProvider clock)
{
    /// <summary>How long the person may take to enter the first code.</summary>
    public static readonly TimeSpan OfferLifetime = TimeSpan.FromMinutes(10);

    private static readonly string[] _factorActions =
        [AuditActions.AccountFactorsReset, AuditActions.AccountTwoStepOn, AuditActions.AccountPasskeyAdded];

    public async Task<TwoStepView> GetAsync(Actor actor, CancellationToken cancellation = default)
    {
        await using var identity = managers.Begin();
        var db = identity.Db;
        var acting = await db.RequireSessionAsync(actor, clock.GetUtcNow(), cancellation);
        var account = await identity.AccountAsync(acting.Id);
        var last = await db.Set<AuditEvent>().AsNoTracking()
            .Where(e => e.OwnerId == acting.Id && _factorActions.Contains(e.Action))
            .OrderByDescending(e => e.Id).FirstOrDefaultAsync(cancellation);
        var hasPasskey = await db.HasPasskeyAsync(acting.Id, cancellation);
        return new TwoStepView(
            account.TwoFactorEnabled,
            account.TwoFactorEnabled ? await identity.Users.CountRecoveryCodesAsync(account) : 0,
            acting.MustHaveFactor && !hasPasskey,
            hasPasskey,
            last is { Action: AuditActions.AccountFactorsReset } ? last.At : null);
    }

    /// <summary>Makes up a key for an app. Nothing is stored until the app has shown that it has it.</summary>
    public async Task<AuthenticatorOffer> OfferAsync(Actor actor, CancellationToken cancellation = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var now = clock.GetUtcNow();
        var acting = await db.RequireForNewFactorAsync(actor, now, cancellation);
        var key = AuthenticatorCodes.NewKey();
        return new AuthenticatorOffer(
            key, acting.Email, TicketsOf(actor).Protect(string.Create(CultureInfo.InvariantCulture, $"{now.ToUnixTimeMilliseconds()}:{key}")));
    }

    /// <summary>
    /// Turns it on when the app shows the right code. That ends all of the account's other logins and makes this one a login with two factors.
    /// </summary>
    /// <param name="ticket">Of the offer, which was made to a recent login: it is not asked for again while the offer is good.</param>
    /// <param name="code">The first code of the app, as it was typed.</param>
    public async Task<TurnOnOutcome> TurnOnAsync(Actor actor, string? ticket, string? code, CancellationToken cancellation = default)
    {
        await using var identity = managers.Begin();
        var db = identity.Db;
        var acting = await db.RequireSessionAsync(actor, clock.GetUtcNow(), cancellation);
        if (Read(actor, ticket) is not { } key)
        {
            return new TurnOnOutcome.OfferExpired();
        }

        identity.Keys.Seal(key);
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var now = clock.GetUtcNow();
        await db.RequireSessionAsync(actor, now, cancellation);
        var account = await identity.AccountAsync(acting.Id);
        if (account.TwoFactorEnabled)
        {
            return new TurnOnOutcome.AlreadyOn();
        }

        // Not by ResetAuthenticatorKeyAsync: it makes up a key of its own, which nobody has scanned.
        account.LastAuthenticatorStep = null;
        await identity.KeyStore.SetAuthenticatorKeyAsync(account, key, cancellation);
        if (!await identity.Users.VerifyTwoFactorTokenAsync(account, TokenOptions.DefaultAuthenticatorProvider, code ?? ""))
        {
            return new TurnOnOutcome.WrongCode(new AuthenticatorOffer(key, acting.Email, ticket!));
        }

        await identity.Users.SetTwoFactorEnabledAsync(account, true).RequireSuccessAsync();
        var codes = await identity.Users.GenerateNewTwoFactorRecoveryCodesAsync(account, RecoveryCodes.Count);
        var ended = await db.RecordCredentialChangeAsync(actor, account, AuditActions.AccountTwoStepOn, now, cancellation);
        await db.Set<LoginSession>().Where(s => s.Id == actor.SessionId && s.Method == LogInMethod.Password)
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.Method, LogInMethod.PasswordAndCode), cancellation);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        connections.End([.. ended]);
        return new TurnOnOutcome.Done([.. codes!]);
    }

    /// <summary>Replaces all recovery codes.</summary>
    /// <returns>The new ones, which are not to be had again; null while two-step verification is off.</returns>
    public async Task<IReadOnlyList<string>?> RenewRecoveryCodesAsync(Actor actor, CancellationToken cancellation = default)
    {
        await using var identity = managers.Begin();
        var db = identity.Db;
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var now = clock.GetUtcNow();
        var acting = (await db.RequireSessionAsync(actor, now, cancellation)).RequireRecent(now);
        var account = await identity.AccountAsync(acting.Id);
        if (!account.TwoFactorEnabled)
        {
            return null;
        }

        var codes = await identity.Users.GenerateNewTwoFactorRecoveryCodesAsync(account, RecoveryCodes.Count);
        AuditTrail.Record(db, actor, now, AuditActions.AccountRecoveryCodesRenewed, account.Id);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return [.. codes!];
    }

    /// <summary>Turns it off and forgets the key and the recovery codes. That ends all of the account's other logins.</summary>
    public async Task<TurnOffOutcome> TurnOffAsync(Actor actor, CancellationToken cancellation = default)
    {
        await using var identity = managers.Begin();
        var db = identity.Db;
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var now = clock.GetUtcNow();
        var acting = (await db.RequireSessionAsync(actor, now, cancellation)).RequireRecent(now);
        var account = await identity.AccountAsync(acting.Id);
        if (!account.TwoFactorEnabled)
        {
            return TurnOffOutcome.Done;
        }

        if (acting.MustHaveFactor && !await db.HasPasskeyAsync(account.Id, cancellation))
        {
            return TurnOffOutcome.Required;
        }

        await identity.ForgetTwoStepAsync(account);
        var ended = await db.RecordCredentialChangeAsync(actor, account, AuditActions.AccountTwoStepOff, now, cancellation);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        connections.End([.. ended]);
        return TurnOffOutcome.Done;
    }

    private IDataProtector TicketsOf(Actor actor) => protection.CreateProtector("NexLlm.AuthenticatorOffer.v1", actor.SessionId.ToString());

    /// <summary>The offered key; null if the offer is old, or not this session's.</summary>
    private string? Read(Actor actor, string? ticket)
    {
        try
        {
            return TicketsOf(actor).Unprotect(ticket ?? "").Split(':') is [var made, var key]
                && clock.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(made, CultureInfo.InvariantCulture)) < OfferLifetime
                    ? key
                    : null;
        }
        catch (Exception forged) when (forged is CryptographicException or FormatException)
        {
            return null;
        }
    }
}
