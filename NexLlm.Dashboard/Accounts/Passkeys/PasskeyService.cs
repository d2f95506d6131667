using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using NexLlm.Dashboard.Access;
using NexLlm.Dashboard.Accounts.Identity;
using NexLlm.Dashboard.Accounts.Recovery;
using NexLlm.Dashboard.Accounts.Sessions;
using NexLlm.Dashboard.Accounts.TwoStep;
using NexLlm.Dashboard.Audit;

namespace NexLlm.Dashboard.Accounts.Passkeys;

/// <summary>Lists, adds, renames and removes a person's own passkeys.</summary>
public sealed class PasskeyService(
    IdentityManagers managers, PasskeyCeremonies ceremonies, LiveConnections connections, TimeProvider clock)
{
    public const int MaxPerAccount = 20;

    /// <summary>Lists the actor's passkeys, oldest first.</summary>
    /// <exception cref="AccessDeniedException">The actor's session has ended.</exception>
    public async Task<IReadOnlyList<PasskeyView>> ListAsync(Actor actor, CancellationToken cancellation = default)
    {
        await using var identity = managers.Begin();
        var acting = await identity.Db.RequireSessionAsync(actor, clock.GetUtcNow(), cancellation);
        var passkeys = await identity.Users.GetPasskeysAsync(await identity.AccountAsync(acting.Id));
        var uses = await PasskeyUses.ReadAsync(identity.Db, acting.Id, cancellation);
        return
        [
            .. from passkey in passkeys
               orderby passkey.CreatedAt
               select new PasskeyView(
                   WebEncoders.Base64UrlEncode(passkey.CredentialId), passkey.Name!, passkey.CreatedAt, PasskeyUses.Find(uses, passkey.CredentialId)),
        ];
    }

    /// <summary>Returns the challenge for creating a passkey, as JSON, and stores it in a cookie.</summary>
    /// <returns>Null if the account has reached the limit.</returns>
    /// <exception cref="AccessDeniedException">The actor's session has ended.</exception>
    /// <exception cref="ReauthenticationRequiredException">The actor last proved their identity too long ago.</exception>
    public async Task<string?> BeginAddingAsync(Actor actor, CancellationToken cancellation = default)
    {
        await using var identity = managers.Begin();
        var acting = await identity.Db.RequireForNewFactorAsync(actor, clock.GetUtcNow(), cancellation);
        var account = await identity.AccountAsync(acting.Id);
        return (await identity.Users.GetPasskeysAsync(account)).Count < MaxPerAccount
            ? await identity.SignIn.MakePasskeyCreationOptionsAsync(new PasskeyUserEntity
            {
                Id = Id(acting),
                Name = acting.Email,
                DisplayName = acting.Email,
            })
            : null;
    }

    /// <summary>Adds the passkey created by the actor's browser. The account's sessions continue.</summary>
    /// <param name="actor">The account's owner.</param>
    /// <param name="credential">The browser's response, as JSON; null if there is none.</param>
    /// <param name="name">As entered.</param>
    /// <param name="cancellation">Cancels the operation until it commits.</param>
    /// <exception cref="AccessDeniedException">The actor's session has ended.</exception>
    /// <exception cref="ReauthenticationRequiredException">The actor last proved their identity too long ago.</exception>
    public async Task<PasskeyOutcome> AddAsync(Actor actor, string? credential, string? name, CancellationToken cancellation = default)
    {
        await using var identity = managers.Begin();
        var db = identity.Db;
        await db.RequireForNewFactorAsync(actor, clock.GetUtcNow(), cancellation);
        if (PasskeyName.Parse(name, out var error) is not { } called)
        {
            return new PasskeyOutcome.InvalidName(error);
        }

        if (string.IsNullOrEmpty(credential) || !await ceremonies.TakeAsync(identity.SignIn, PasskeyQuestions.Attestation, cancellation))
        {
            return new PasskeyOutcome.Refused();
        }

        await using var transaction = await db.BeginWriteAsync(cancellation);
        var now = clock.GetUtcNow();
        var acting = await db.RequireForNewFactorAsync(actor, now, cancellation);
        var account = await identity.AccountAsync(acting.Id);
        var made = await identity.SignIn.PerformPasskeyAttestationAsync(credential);
        if (!made.Succeeded || made.UserEntity.Id != Id(acting))
        {
            return new PasskeyOutcome.Refused();
        }

        if ((await identity.Users.GetPasskeysAsync(account)).Count >= MaxPerAccount)
        {
            return new PasskeyOutcome.TooMany();
        }

        made.Passkey.Name = called;
        await identity.Users.AddOrUpdatePasskeyAsync(account, made.Passkey).RequireSuccessAsync();
        AuditTrail.Record(db, actor, now, AuditActions.AccountPasskeyAdded, acting.Id, null, new AuditChange("passkey", null, called));
        await db.SaveChangesAsync(cancellation);
        // Using the passkey just now is stronger proof than the password this session may have begun with.
        await db.Set<LoginSession>().Where(s => s.Id == actor.SessionId && s.Method == LogInMethod.Password)
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.Method, LogInMethod.Passkey), cancellation);
        await transaction.CommitAsync(cancellation);
        return new PasskeyOutcome.Done(called);
    }

    /// <exception cref="AccessDeniedException">The actor's session has ended.</exception>
    public async Task<PasskeyOutcome> RenameAsync(Actor actor, string? id, string? name, CancellationToken cancellation = default)
    {
        await using var identity = managers.Begin();
        var db = identity.Db;
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var now = clock.GetUtcNow();
        var acting = await db.RequireAsync(actor, now, cancellation);
        var account = await identity.AccountAsync(acting.Id);
        if (await FindAsync(identity, account, id) is not { } passkey)
        {
            return new PasskeyOutcome.Unknown();
        }

        if (PasskeyName.Parse(name, out var error) is not { } called)
        {
            return new PasskeyOutcome.InvalidName(error);
        }

        var before = passkey.Name;
        if (before != called)
        {
            passkey.Name = called;
            await identity.Users.AddOrUpdatePasskeyAsync(account, passkey).RequireSuccessAsync();
            AuditTrail.Record(db, actor, now, AuditActions.AccountPasskeyRenamed, acting.Id, null, new AuditChange("passkey", before, called));
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
        }

        return new PasskeyOutcome.Done(called);
    }

    /// <summary>
    /// Removes a passkey and ends all other sessions of the account. The device may be
    /// lost, and its sessions can't be told apart from the others.
    /// </summary>
    /// <exception cref="AccessDeniedException">The actor's session has ended.</exception>
    /// <exception cref="ReauthenticationRequiredException">The actor last proved their identity too long ago.</exception>
    public async Task<PasskeyOutcome> RemoveAsync(Actor actor, string? id, CancellationToken cancellation = default)
    {
        await using var identity = managers.Begin();
        var db = identity.Db;
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var now = clock.GetUtcNow();
        var acting = await db.RequireRecentAsync(actor, now, cancellation);
        var account = await identity.AccountAsync(acting.Id);
        if (await FindAsync(identity, account, id) is not { } passkey)
        {
            return new PasskeyOutcome.Unknown();
        }

        await identity.Users.RemovePasskeyAsync(account, passkey.CredentialId).RequireSuccessAsync();
        await PasskeyUses.ForgetAsync(identity, account, passkey.CredentialId);
        await identity.Users.UpdateSecurityStampAsync(account).RequireSuccessAsync();
        var ended = await db.RecordCredentialChangeAsync(
            actor, account, AuditActions.AccountPasskeyRemoved, now, cancellation, new AuditChange("passkey", passkey.Name, null));
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        connections.End(ended);
        return new PasskeyOutcome.Done(passkey.Name!, ended.Count);
    }

    private static async Task<UserPasskeyInfo?> FindAsync(IdentityScope identity, Account account, string? id)
    {
        try
        {
            return await identity.Users.GetPasskeyAsync(account, WebEncoders.Base64UrlDecode(id ?? ""));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>In the format stored by the authenticator, which returns it at login.</summary>
    private static string Id(ActingAccount acting) => acting.Id.ToString(CultureInfo.InvariantCulture);
}
