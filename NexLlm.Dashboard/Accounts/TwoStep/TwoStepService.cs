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

/// <summary>Manages a person's own two-step verification: setup, recovery codes and removal.</summary>
/// <remarks>
/// Every operation throws <see cref="AccessDeniedException"/> if the actor's session has ended.
/// Those that show or change a secret throw <see cref="ReauthenticationRequiredException"/> if the
/// actor authenticated too long ago. All are available to a session that still lacks a factor.
/// </remarks>
public sealed class TwoStepService(
    IDbContextFactory<NexLlmDbContext> contexts, IdentityManagers managers, IDataProtectionProvider protection, LiveConnections connections, TimeProvider clock)
{
    /// <summary>The time limit for entering the first code.</summary>
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

    /// <summary>Creates a key for an app. Nothing is stored until the app has proven that it has the key.</summary>
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
    /// Turns two-step verification on if the code is valid. Ends all other sessions of the account and marks this one as using two factors.
    /// </summary>
    /// <param name="ticket">The ticket of the offer. Offers require a recent
    /// authentication, which isn't checked again while the offer is valid.</param>
    /// <param name="code">The app's first code, as entered.</param>
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

        // Not ResetAuthenticatorKeyAsync, which would generate a key that nobody has scanned.
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
    /// <returns>The new codes, which can't be retrieved later; null if two-step verification is off.</returns>
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

    /// <summary>Turns two-step verification off and deletes the key and the recovery codes. Ends all other sessions of the account.</summary>
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

    /// <summary>Returns the offered key; null if the offer has expired or belongs to another session.</summary>
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
